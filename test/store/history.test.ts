import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/core/types.ts';
import { type History, openHistory } from '../../src/store/history.ts';
import { scratch } from './scratch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.UTC(2025, 10, 21);
/** The day is over, and nothing of it can come late any more. */
const NEXT_DAY = MIDNIGHT + DAY + 10 * MINUTE;
const check = 'hub:http';

function fill(history: History, from: number, to: number, statusAt: (at: number) => Status = () => 'ok'): void {
  for (let at = from; at < to; at += MINUTE) history.append({ check, at, status: statusAt(at), value: 20 });
}

describe('history', () => {
  it('gives back what it was told, before and after it is written', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    history.append({ check, at: MIDNIGHT, status: 'ok', value: 182.5 });
    history.append({ check: 'disk:/', at: MIDNIGHT, status: 'warning' });
    const query = { check, from: MIDNIGHT, to: MIDNIGHT + HOUR };
    const expected = [{ check, at: MIDNIGHT, status: 'ok', value: 182.5 }];
    expect(await history.points(query)).toEqual(expected);
    await history.flush();
    expect(await history.points(query)).toEqual(expected);
    expect(await openHistory({ folder }).points(query)).toEqual(expected);
    expect(await history.points({ from: MIDNIGHT, to: MIDNIGHT + HOUR })).toHaveLength(2);
  });

  it('keeps one point a minute while nothing changes, and every change', async () => {
    const history = openHistory({ folder: scratch() });
    for (let n = 0; n < 18; n += 1) {
      history.append({ check, at: MIDNIGHT + n * 10_000, status: n === 8 ? 'critical' : 'ok' });
    }
    const kept = await history.points({ from: MIDNIGHT, to: MIDNIGHT + HOUR });
    expect(kept.map(({ at }) => (at - MIDNIGHT) / 10_000)).toEqual([0, 6, 8, 9, 15]);
  });

  it('writes by itself when a minute or 500 points are buffered', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    for (let n = 0; n < 499; n += 1) history.append({ check: `c:${n}`, at: MIDNIGHT, status: 'ok' });
    await history.points({ from: 0, to: 1 });
    expect(readdirSync(folder)).toEqual([]);
    history.append({ check: 'c:499', at: MIDNIGHT, status: 'ok' });
    await history.points({ from: 0, to: 1 });
    expect(readFileSync(join(folder, `raw-${MIDNIGHT}.jsonl`), 'utf8').split('\n')).toHaveLength(501);
    history.append({ check, at: MIDNIGHT, status: 'ok' });
    history.append({ check, at: MIDNIGHT + MINUTE, status: 'ok' });
    await history.points({ from: 0, to: 1 });
    expect(await openHistory({ folder }).points({ check, from: 0, to: MIDNIGHT + DAY })).toHaveLength(2);
  });

  it('survives a line that a crash cut short', async () => {
    const folder = scratch();
    writeFileSync(join(folder, `raw-${MIDNIGHT}.jsonl`), `["${check}",${MIDNIGHT},"o",1]\n["${check}",17637`);
    const history = openHistory({ folder });
    history.append({ check, at: MIDNIGHT + MINUTE, status: 'ok', value: 2 });
    await history.flush();
    const kept = await history.points({ check, from: MIDNIGHT, to: MIDNIGHT + HOUR });
    expect(kept.map(({ value }) => value)).toEqual([1, 2]);
  });

  it('sums up hours and days, and answers the same before and after', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    const downAt = (at: number) => at >= MIDNIGHT + 10 * HOUR && at < MIDNIGHT + 10 * HOUR + 20 * MINUTE;
    fill(history, MIDNIGHT, MIDNIGHT + DAY, (at) => (downAt(at) ? 'critical' : 'ok'));
    const query = { check, from: MIDNIGHT, to: MIDNIGHT + DAY };
    const quarters = await history.read({ ...query, resolution: '15min' });
    const days = await history.read({ ...query, resolution: 'day' });
    expect(quarters).toHaveLength(96);
    expect(days).toMatchObject([{ from: MIDNIGHT, worst: 'critical', downMs: 20 * MINUTE, knownMs: DAY, mean: 20 }]);

    for (const nowMs of [MIDNIGHT + 5 * HOUR, MIDNIGHT + 5 * HOUR, NEXT_DAY, NEXT_DAY]) {
      await history.rollUp(nowMs);
      expect(await history.read({ ...query, resolution: '15min' })).toEqual(quarters);
      expect(await history.read({ ...query, resolution: 'day' })).toEqual(days);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('daily-'))).toHaveLength(1);
  });

  it('counts nothing twice when a crash interrupted the summing up', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    fill(history, MIDNIGHT, MIDNIGHT + DAY);
    await history.flush();
    const before = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
    await history.rollUp(NEXT_DAY);
    const query = { check, from: MIDNIGHT, to: MIDNIGHT + DAY };
    const days = await history.read({ ...query, resolution: 'day' });
    for (const name of readdirSync(folder)) {
      if (name.includes('.summed')) rmSync(join(folder, name));
    }
    for (const [name, bytes] of before) writeFileSync(join(folder, name), bytes);
    await history.rollUp(NEXT_DAY);
    expect(await history.read({ ...query, resolution: 'day' })).toEqual(days);
    expect(days).toMatchObject([{ knownMs: DAY }]);
  });

  it('forgets points after 48 hours, slots after 30 days, and days after 400', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    fill(history, MIDNIGHT, MIDNIGHT + HOUR);
    const everything = { check, from: 0, to: MIDNIGHT + 900 * DAY };
    const kept = async () => [
      (await history.points(everything)).length,
      (await history.read({ ...everything, resolution: '15min' })).length,
      (await history.read({ ...everything, resolution: 'day' })).length,
    ];
    await history.rollUp(NEXT_DAY);
    expect(await kept()).toEqual([60, 4, 1]);
    await history.rollUp(MIDNIGHT + 4 * DAY);
    expect(await kept()).toEqual([0, 4, 1]);
    await history.rollUp(MIDNIGHT + 40 * DAY);
    expect(await kept()).toEqual([0, 0, 1]);
    await history.rollUp(MIDNIGHT + 500 * DAY);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes no more of the disk than it may, and drops the finest and oldest first', async () => {
    const folder = scratch();
    const history = openHistory({ folder, maxBytes: 30_000 });
    fill(history, MIDNIGHT, MIDNIGHT + DAY);
    await history.rollUp(NEXT_DAY);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(30_000);
    const query = { check, from: MIDNIGHT, to: MIDNIGHT + DAY };
    expect((await history.points(query))[0]?.at).toBeGreaterThan(MIDNIGHT);
    expect(await history.read({ ...query, resolution: '15min' })).toHaveLength(96);
  });

  it('drops what is not summed up yet last, so that a busy host goes on learning', async () => {
    const folder = scratch();
    const history = openHistory({ folder, maxBytes: 6_000 });
    fill(history, MIDNIGHT, MIDNIGHT + 30 * HOUR + 20 * MINUTE);
    await history.rollUp(MIDNIGHT + 30 * HOUR + 20 * MINUTE);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(6_000);
    const day = { check, from: MIDNIGHT + DAY, to: MIDNIGHT + 30 * HOUR + 20 * MINUTE };
    expect(await history.read({ ...day, resolution: '15min' })).toHaveLength(26);
    expect(await history.read({ ...day, from: MIDNIGHT, resolution: 'day' })).toHaveLength(2);
  });

  it('takes a point that comes late, and keeps what it had when the clock is set back', async () => {
    const folder = scratch();
    const history = openHistory({ folder });
    fill(history, MIDNIGHT, MIDNIGHT + 2 * HOUR);
    await history.rollUp(MIDNIGHT + HOUR + 5 * MINUTE);
    history.append({ check, at: MIDNIGHT + HOUR - 30_000, status: 'critical' });
    const query = { check, from: MIDNIGHT, to: MIDNIGHT + 2 * HOUR };
    await history.rollUp(NEXT_DAY);
    expect((await history.read({ ...query, resolution: '15min' }))[3]).toMatchObject({ downMs: 30_000 });
    // Much later the same hours come again, and only one minute of them.
    history.append({ check, at: MIDNIGHT + 30 * MINUTE, status: 'ok', value: 20 });
    await history.rollUp(NEXT_DAY);
    expect(await history.read({ ...query, resolution: '15min' })).toHaveLength(8);
    expect(await history.read({ ...query, resolution: 'day' })).toMatchObject([{ knownMs: 2 * HOUR, downMs: 30_000 }]);
    expect(await history.points(query)).toHaveLength(122);
  });

  it('never fails its caller: what cannot be written is dropped and counted', async () => {
    const folder = scratch();
    const dropped: number[] = [];
    const history = openHistory({ folder: join(folder, 'gone'), onDropped: (points) => dropped.push(points) });
    fill(history, MIDNIGHT, MIDNIGHT + 10 * MINUTE);
    await history.flush();
    expect(dropped.reduce((sum, points) => sum + points, 0)).toBe(10);
  });

  it('writes nothing while it is paused', async () => {
    const folder = scratch();
    const dropped: number[] = [];
    const history = openHistory({ folder, onDropped: (points) => dropped.push(points) });
    history.pause(true);
    history.append({ check, at: MIDNIGHT, status: 'ok' });
    await history.flush();
    history.pause(false);
    history.append({ check, at: MIDNIGHT + MINUTE, status: 'ok' });
    await history.flush();
    expect(dropped).toEqual([1]);
    expect(await history.points({ from: 0, to: MIDNIGHT + DAY })).toHaveLength(1);
    await history.dropPoints();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ignores files that are not its own', async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'raw-notes.txt'), 'mine');
    const history = openHistory({ folder });
    await history.rollUp(MIDNIGHT + 1000 * DAY);
    expect(readdirSync(folder)).toEqual(['raw-notes.txt']);
  });
});
