import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../dashboard/measure.ts';
import { orderRows, type Row, rowOf } from '../../dashboard/row.ts';
import { vitalOf } from '../../dashboard/vital.ts';
import { vitalPlot } from '../../dashboard/vital-plot.ts';
import { samplePast } from './sample.ts';
import { broken, calm } from './snapshots.ts';
import { check, disk, logs, memory, service } from './targets.ts';

const AT = Date.UTC(2026, 10, 21, 12, 17, 4);
const calendar = calendarOf('Europe/Berlin');
const rowsOf = (snapshot = broken(AT), grey = false): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    snapshot.targets.map((target) => [target.id, rowOf(target, { snapshot, now: AT + 4000, grey, calendar })]),
  );

describe('a service in the list', () => {
  it('lets the detail speak for what works', () => {
    expect(rowsOf()['agent-core']).toMatchObject({ look: { shape: 'tick' }, detail: 'answers in 182 ms', word: '' });
  });

  it('says each trouble in words beside its shape', () => {
    const rows = rowsOf();
    expect(rows['message-gateway']).toMatchObject({ look: { shape: 'turning' }, word: 'recovering, 2 of 3' });
    expect(rows['scheduler']).toMatchObject({
      look: { shape: 'triangle' },
      word: 'answers only after 4.1 s, more than 2 s is slow',
      detail: 'answers only after 4.1 s, more than 2 s is slow',
    });
    expect(rows['backups']).toMatchObject({ look: { shape: 'paused' }, word: 'paused until 13:37' });
    expect(rows['backups']?.silencedUntil).toBe(AT + 40 * 60_000);
    expect(rows['dns']).toMatchObject({
      look: { shape: 'tick' },
      word: 'looking again, 1 of 3 failed looks',
      wordTone: 'none',
    });
  });

  it('counts how long a service is down', () => {
    const target = service(AT, 'hub', { state: 'down', since: AT - 130_000 });
    expect(rowOf(target, { snapshot: calm(AT), now: AT + 4000, grey: false, calendar }).word).toBe('down 2 min 14 s');
    const known = { ...target, state: 'acknowledged' } as const;
    expect(rowOf(known, { snapshot: calm(AT), now: AT, grey: false, calendar }).word).toBe(
      'acknowledged, down 2 min 10 s',
    );
  });

  it('tells old data in the past, without a shape that claims anything and without a running clock', () => {
    const rows = rowsOf(broken(AT), true);
    expect(rows['agent-core']).toMatchObject({
      look: { shape: 'question', tone: 'none' },
      detail: 'answered in 182 ms',
    });
    expect(rows['scheduler']?.word).toBe('answered only after 4.1 s, more than 2 s was slow');
    const down = service(AT, 'hub', { state: 'down', since: AT - 130_000 });
    expect(rowOf(down, { snapshot: calm(AT), now: AT, grey: true, calendar }).word).toBe('was down');
  });

  it('has no data when a check was silent for three of its intervals, even if the rest is fresh', () => {
    const target = service(AT, 'hub', {
      checks: [check(AT, 'hub:http', { at: AT - 30_001 }), check(AT, 'hub:process')],
    });
    const row = rowOf(target, { snapshot: calm(AT), now: AT, grey: false, calendar });
    expect(row).toMatchObject({ state: 'unknown', look: { shape: 'question' }, word: 'no data since 13:16' });
    const nearly = { ...target, checks: [check(AT, 'hub:http', { at: AT - 30_000 })] };
    expect(rowOf(nearly, { snapshot: calm(AT), now: AT, grey: false, calendar }).state).toBe('working');
  });

  it('does not take a quick look that found nothing new for silence', () => {
    // The same result reaches the snapshot every 30 s, however often it is seen.
    const target = service(AT, 'hub', { checks: [check(AT, 'hub:process', { at: AT - 31_000, everyMs: 250 })] });
    expect(rowOf(target, { snapshot: calm(AT), now: AT, grey: false, calendar }).state).toBe('working');
  });

  it('does not soften "down" to "no data"', () => {
    const target = service(AT, 'hub', { state: 'down', checks: [check(AT, 'hub:http', { at: AT - 300_000 })] });
    expect(rowOf(target, { snapshot: calm(AT), now: AT, grey: false, calendar }).state).toBe('down');
  });

  it('does not call a service good that there was nothing to look at for', () => {
    const target = service(AT, 'hub', { status: 'idle' });
    expect(rowOf(target, { snapshot: calm(AT), now: AT, grey: false, calendar }).look.shape).toBe('question');
  });
});

describe('the order of the list', () => {
  const rows = Object.values(rowsOf());
  const names = (list: readonly Row[]): string[] => list.map((row) => row.id);

  it('puts problems first and leaves the rest as configured', () => {
    expect(names(orderRows(rows, [], false)).slice(0, 5)).toEqual([
      'message-gateway',
      'scheduler',
      'backups',
      'agent-core',
      'tool-sandbox',
    ]);
  });

  it('holds still under a pointer, and puts what is new at the end', () => {
    const shown = ['scheduler', 'agent-core', 'message-gateway'];
    expect(names(orderRows(rows, shown, true)).slice(0, 3)).toEqual(shown);
  });
});

describe('a figure of the host', () => {
  it('never shows a bare percentage where a size exists', () => {
    expect(vitalOf(disk(AT), false)).toMatchObject({
      label: 'Disk',
      value: '71%',
      of: '149 of 210 GB',
      note: '60.6 GB free',
    });
    expect(vitalOf(memory(AT), false)).toMatchObject({
      value: '6.1 GB',
      of: 'of 16 GB',
      note: '38% used, 9.9 GB free',
    });
    expect(vitalOf(logs(AT), false)).toMatchObject({ label: 'Logs', value: '412 MB', of: 'in 31 files' });
  });

  it('carries its sign and says why when it is over a limit', () => {
    const full = { ...disk(AT), state: 'slow', detail: '189 of 210 GB used (90%)' } as const;
    expect(vitalOf(full, false)).toMatchObject({ look: { shape: 'triangle' }, note: '189 of 210 GB used (90%)' });
    expect(vitalOf(full, true)).toMatchObject({ look: { shape: 'question' } });
  });

  it('says that there is no data yet, and falls back to the words of a check without figures', () => {
    const bare = { ...disk(AT), checks: [check(AT, 'disk:/')] };
    expect(vitalOf(bare, false)).toMatchObject({ value: '–', note: '149 of 210 GB used on / (71%)' });
    expect(vitalOf({ ...bare, checks: [check(AT, 'disk:/', { at: undefined })] }, false)).toMatchObject({
      note: 'no data yet',
    });
    expect(vitalOf({ ...bare, checks: [check(AT, 'disk:/home')] }, false).label).toBe('Disk /home');
  });

  it('is of several disks that of the fullest, by its name, and of logs all of them together', () => {
    const home = { usedPercent: 12, usedBytes: 12e9, totalBytes: 100e9 };
    const disks = [...disk(AT).checks, check(AT, 'disk:/home', { metrics: home })];
    expect(vitalOf({ ...disk(AT), checks: disks }, false)).toMatchObject({
      label: 'Disk /',
      value: '71%',
      of: '149 of 210 GB',
    });
    const full = check(AT, 'disk:/out', { metrics: { ...home, usedPercent: 97, usedBytes: 97e9 } });
    const fullest = vitalOf({ ...disk(AT), checks: [...disks, full] }, false);
    expect(fullest).toMatchObject({ label: 'Disk /out', value: '97%', note: '3 GB free' });
    // The record of another disk is not drawn as this one's.
    expect(fullest.line && vitalPlot(fullest.line, samplePast(AT), AT)).toBeUndefined();
    const more = check(AT, 'logs:/srv/*.out', { metrics: { files: 1, totalBytes: 1e6, largestBytes: 1e6 } });
    expect(vitalOf({ ...logs(AT), checks: [...logs(AT).checks, more] }, false)).toMatchObject({
      value: '413 MB',
      of: 'in 32 files',
      note: 'the largest has 34 MB',
    });
  });
});
