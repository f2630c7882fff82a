import { afterEach, describe, expect, it } from 'vitest';
import { openPast } from '../../src/core/past.ts';
import { pastTargets } from '../../src/core/past-targets.ts';
import { type PastStatus, pastKey } from '../../src/core/remembered.ts';
import { readHistoryView } from '../../src/read-history-view.ts';
import { openHistory } from '../../src/store/history.ts';
import { dayPartAt } from '../../src/store/history-roll.ts';
import { coarser, slotsOf } from '../../src/store/history-slots.ts';
import { servicePlan, valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { scratch } from '../store/scratch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const STATUS: Readonly<Record<string, PastStatus>> = {
  o: 'ok',
  s: 'warning',
  d: 'critical',
  m: 'paused',
  '?': 'unknown',
  i: 'idle',
};

type Line = { readonly from: number; readonly stepMs?: number; readonly line: string; readonly target?: string };

/** Writes what was believed, a letter a step (` `: the daemon did not run), and reads it as the page does. */
async function read(now: number, lines: readonly Line[], options: { rollUpEvery?: number; services?: string[] } = {}) {
  const { rollUpEvery, services = ['web'] } = options;
  const history = openHistory({ folder: scratch() });
  const points = lines.flatMap(({ from, stepMs = MINUTE, line, target = 'web' }) =>
    [...line].flatMap((letter, n) => {
      const status = STATUS[letter];
      return status === undefined ? [] : [{ check: pastKey(target), at: from + n * stepMs, status, everyMs: stepMs }];
    }),
  );
  let rolledAt = points[0]?.at ?? now;
  for (const point of points.sort((a, b) => a.at - b.at)) {
    if (rollUpEvery !== undefined && point.at - rolledAt >= rollUpEvery) {
      rolledAt = point.at;
      await history.rollUp(rolledAt);
    }
    history.append(point);
  }
  const plan = servicePlan(Object.fromEntries(services.map((name) => [name, {}])));
  const view = await readHistoryView(history, plan, now);
  const [web] = view.targets;
  if (web === undefined) throw new Error('no past');
  return { view, web, history };
}

const at = (text: string): number => new Date(text).getTime();
const last = (text: string, slots: number): string => text.slice(-slots);

describe('the bars of a day', () => {
  const now = at('2026-03-10T12:29:00Z');
  it.each([
    // what              an hour of minutes that ends now                       the four slots of it
    ['all well', 'o'.repeat(60), 'oooo'],
    ['trouble marks its slot, however short', `${'o'.repeat(20)}d${'o'.repeat(39)}`, 'odoo'],
    ['slow', `${'o'.repeat(50)}s${'o'.repeat(9)}`, 'ooos'],
    ['down is worse than slow', `${'o'.repeat(46)}sd${'o'.repeat(12)}`, 'oood'],
    ['a pause is neither', `${'o'.repeat(40)}${'m'.repeat(5)}${'o'.repeat(15)}`, 'oomo'],
    ['what could not be seen is no trouble', `${'o'.repeat(45)}???${'o'.repeat(12)}`, 'oooo'],
    ['the daemon was away', `${'o'.repeat(15)}${' '.repeat(30)}${'o'.repeat(15)}`, 'oo.o'],
    ['nothing is known where nothing could be seen', `${'o'.repeat(14)}${'?'.repeat(46)}`, 'o...'],
    ['it began just now', `${' '.repeat(58)}oo`, '...o'],
  ])('%s', async (_, line, letters) => {
    process.env['TZ'] = 'UTC';
    const { web, view } = await read(now, [{ from: now - 59 * MINUTE, line }]);
    expect(web.day.states).toHaveLength(96);
    expect(web.day.from).toBe(at('2026-03-09T12:30:00Z'));
    expect(last(web.day.states, 4)).toBe(letters);
    expect(view.ribbon).toEqual(web.day);
  });
});

const DAY_STEP = 15 * MINUTE;
/** A day in steps of 15 min; `hours` from its begin on are another letter. */
const steps = (from: number, to: number, letterAt: (at: number) => string): Line => ({
  from,
  stepMs: DAY_STEP,
  line: Array.from({ length: (to - from) / DAY_STEP }, (_, n) => letterAt(from + n * DAY_STEP)).join(''),
});

/** The same without files: what is over is days, the rest is quarters. */
function sumUp(line: Line, now: number) {
  const points = [...line.line].map((letter, n) => {
    const status = STATUS[letter] ?? 'idle';
    return { check: pastKey('web'), at: line.from + n * (line.stepMs ?? MINUTE), status, everyMs: DAY_STEP };
  });
  const openFrom = Math.floor(now / DAY) * DAY;
  const targets = pastTargets(servicePlan({ web: {} }), now);
  const past = openPast(targets, now);
  const slots = slotsOf(points, { from: line.from, to: now, slotMs: DAY_STEP });
  for (const slot of slots) if (slot.from >= now - 2 * DAY) past.quarter(slot.check, slot);
  const days = coarser(
    slots.filter((slot) => slot.from < openFrom),
    dayPartAt,
  );
  // A crash while it was summed up left each of them twice.
  for (const part of [...days, ...days]) past.day(part.check, part);
  const web = targets[0] && past.target(targets[0], openFrom);
  if (web === undefined) throw new Error('no past');
  return web;
}

describe('the bars of 30 and 90 days', () => {
  it.each([
    ['spring', 'Europe/Berlin', '2026-03-29T00:00:00+01:00', 23],
    ['autumn', 'Europe/Berlin', '2026-10-25T00:00:00+02:00', 25],
    ['no midnight', 'America/Santiago', '2026-09-06T01:00:00-03:00', 23],
    ['half an hour', 'Australia/Lord_Howe', '2026-04-05T00:00:00+11:00', 24.5],
    ['an odd zone', 'Asia/Kathmandu', '2026-05-05T00:00:00+05:45', 24],
    ['far east', 'Pacific/Kiritimati', '2026-05-05T00:00:00+14:00', 24],
  ])('are the days of the host: %s in %s', (_, zone, midnight, hours) => {
    process.env['TZ'] = zone;
    const from = at(midnight);
    const to = from + hours * HOUR;
    const now = to + 30 * HOUR;
    // Down in the first and slow in the last quarter of an hour of the days before and after.
    const bad = (one: number) => (one === to ? 'd' : one === from - DAY_STEP ? 's' : 'o');
    const web = sumUp(steps(from - 2 * DAY, now, bad), now);
    expect(last(web.month.states, 6)).toBe('.osodo');
    expect(web.month.states).toHaveLength(30);
    expect(web.quarter.states).toHaveLength(90);
    expect(last(web.quarter.states, 30)).toBe(web.month.states);
    expect(web.uptime.month).toEqual({ downMs: DAY_STEP, knownMs: now - from + 2 * DAY });
    expect(new Date(web.month.from).toTimeString().slice(0, 8)).toBe('00:00:00');
  });

  it('are the same when the store has summed them up', async () => {
    process.env['TZ'] = 'Europe/Berlin';
    const now = at('2026-03-30T13:07:00+02:00');
    const letterAt = (one: number) => (one % (31 * HOUR) < DAY_STEP ? 'd' : one % (47 * HOUR) < DAY_STEP ? 'm' : 'o');
    const line = steps(at('2026-03-28T03:00:00+01:00'), now - 7 * MINUTE, letterAt);
    const { web } = await read(now, [line], { rollUpEvery: 5 * HOUR });
    expect(web).toEqual(sumUp(line, now));
    expect(last(web.month.states, 4)).toMatch(/^\.d[do][do]$/);
  });

  it('know a day on which the daemon was away or the host asleep by what is left of it', async () => {
    process.env['TZ'] = 'Europe/Berlin';
    const now = at('2026-03-10T20:00:00+01:00');
    const woke = at('2026-03-10T17:00:00+01:00');
    const line = (from: number, minutes: number) => ({ from, line: 'o'.repeat(minutes) });
    const { web } = await read(now, [line(woke - 10 * HOUR, 30), line(woke, 180)]);
    expect(last(web.month.states, 3)).toBe('..o');
    // A point stands for three minutes at most; then nobody was looking.
    expect(web.uptime.month.knownMs).toBe(now - woke + 32 * MINUTE);
    expect(last(web.day.states, 55)).toBe(`..ooo${'.'.repeat(37)}${'o'.repeat(12)}.`);
  });

  it('begin on the first day, and hold 90', async () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-10T12:00:00Z');
    const first = await read(now, [{ from: now - 10 * MINUTE, line: 'o'.repeat(11) }]);
    expect(first.web.quarter.states).toBe(`${'.'.repeat(89)}o`);
    expect(first.web.quarter.from).toBe(at('2025-12-11T00:00:00Z'));
    expect(first.web.uptime.quarter).toEqual({ downMs: 0, knownMs: 10 * MINUTE });
    const old = sumUp(
      steps(now - 100 * DAY, now, () => 'o'),
      now,
    );
    expect(old.quarter.states).toBe('o'.repeat(90));
    expect(old.uptime.quarter).toEqual({ downMs: 0, knownMs: 89 * DAY + 12 * HOUR });
  });
});

describe('uptime', () => {
  it('counts confirmed down time; slow, paused and unknown time is not down, and unknown time is not known', async () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-10T12:00:00Z');
    const letters = `${'o'.repeat(20)}${'d'.repeat(4)}${'s'.repeat(5)}${'m'.repeat(6)}${'?'.repeat(7)}${'o'.repeat(18)}`;
    const { web } = await read(now, [{ from: now - HOUR, line: letters }]);
    expect(web.uptime.day).toEqual({ downMs: 4 * MINUTE, knownMs: 53 * MINUTE });
    expect(web.uptime.quarter).toEqual(web.uptime.day);
  });

  it('is what the history itself says', async () => {
    process.env['TZ'] = 'Europe/Berlin';
    const now = at('2026-03-10T12:07:00+01:00');
    const line = steps(now - DAY - 5 * HOUR, now - 7 * MINUTE, (one) => (one % (7 * HOUR) < DAY_STEP ? 'd' : 'o'));
    const { web, history } = await read(now, [line], { rollUpEvery: 3 * HOUR });
    const sums = async (resolution: '15min' | 'day') => {
      const slots = await history.read({ check: pastKey('web'), from: 0, to: now, resolution });
      return {
        downMs: slots.reduce((sum, slot) => sum + slot.downMs, 0),
        knownMs: slots.reduce((sum, slot) => sum + slot.knownMs, 0),
      };
    };
    expect(web.uptime.quarter).toEqual(await sums('day'));
    expect(web.uptime.quarter).toEqual(await sums('15min'));
  });
});

describe('the ribbon', () => {
  it('is the worst of everything that was watched then', async () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-10T12:59:00Z');
    const line = (letters: string) => [...letters].map((letter) => letter.repeat(15)).join('');
    const { view } = await read(
      now,
      [
        { from: now - 59 * MINUTE, line: line('oosm') },
        { from: now - 59 * MINUTE, line: line('.ooo'), target: 'other' },
        { from: now - 59 * MINUTE, line: line('odoo'), target: 'left-the-config' },
      ],
      { services: ['web', 'other', 'never-seen'] },
    );
    expect(last(view.ribbon.states, 4)).toBe('odsm');
    expect(view.targets.map(({ id }) => id)).toEqual(['web', 'other']);
  });
});

describe('the charts', () => {
  it('have the mean of each quarter, gaps where nothing answered, and the most of today', async () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-10T12:14:00Z');
    const history = openHistory({ folder: scratch() });
    for (let n = 44; n >= 0; n -= 1) {
      const value = n >= 30 ? 100 + n : n < 15 ? 20 : undefined;
      if (value !== undefined) history.append({ check: 'web:http', at: now - n * MINUTE, status: 'ok', value });
    }
    const { targets } = await readHistoryView(history, servicePlan({ web: {} }), now);
    const [series] = targets[0]?.series ?? [];
    expect(series).toMatchObject({ check: 'web:http', unit: 'ms', stepMs: 15 * MINUTE, mostToday: 144 });
    expect(series?.values).toHaveLength(96);
    expect(series?.values.slice(-4)).toEqual([null, 137, null, 20]);
    expect(series?.t0).toBe(now + MINUTE - DAY);
  });

  it('are drawn by the minute around the beginning of an open incident, and only of that', async () => {
    const now = at('2026-03-10T12:14:20Z');
    const history = openHistory({ folder: scratch() });
    const start = now - 4 * MINUTE;
    // Looks every 10 s are kept about every 70 s; the last three have failed and have no value.
    for (let n = 50; n >= 0; n -= 1) {
      const one = now - n * 70_000;
      const failed = one >= start;
      history.append({
        check: 'web:http',
        at: one,
        status: failed ? 'critical' : 'ok',
        ...(failed ? {} : { value: 100 + n }),
      });
    }
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot();
    world.pass(60);
    world.service('web').condition = 'dead';
    world.pass(30);
    const [incident] = Object.values(world.world.state.incidents);
    if (incident === undefined) throw new Error('no incident');
    const open = { ...incident, started: { ...incident.started, at: start }, ended: undefined };
    const around = async (incidents: readonly (typeof incident)[]) =>
      (await readHistoryView(history, servicePlan({ web: {} }), now, incidents)).targets[0]?.around;
    const series = await around([open]);
    expect(series).toMatchObject({ check: 'web:http', unit: 'ms', t0: at('2026-03-10T11:41:00Z'), stepMs: MINUTE });
    expect(series?.values.slice(0, 3)).toEqual([128, 127, 127]);
    expect(series?.values.slice(0, 29)).not.toContain(null);
    expect(series?.values.slice(30)).toEqual([null, null, null]);
    history.append({ check: 'web:http', at: now - 20_000, status: 'ok', value: 90 });
    // Between the last good answer and one of a trial nothing is made up.
    expect((await around([open]))?.values.slice(28)).toEqual([104, null, null, null, null, 90]);
    expect(await around([{ ...open, ended: open.detected }])).toBeUndefined();
    expect(await around([])).toBeUndefined();
  });

  it("have the processor too, which is no target; where a service has its name the past is the service's", async () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-10T12:14:00Z');
    const history = openHistory({ folder: scratch() });
    for (let n = 29; n >= 0; n -= 1)
      history.append({ check: 'cpu', at: now - n * MINUTE, status: 'ok', value: n < 15 ? 20 : 40 });
    const { targets, ribbon } = await readHistoryView(history, servicePlan({ web: {} }), now);
    expect(targets.map(({ id }) => id)).toEqual(['cpu']);
    expect(targets[0]?.series[0]).toMatchObject({ check: 'cpu', unit: 'percent', stepMs: 15 * MINUTE });
    expect(targets[0]?.series[0]?.values.slice(-3)).toEqual([null, 40, 20]);
    expect(ribbon.states).toBe('.'.repeat(96));
    expect(pastTargets(servicePlan({ cpu: {} }), now)).toMatchObject([{ id: 'cpu', figures: [{ check: 'cpu:http' }] }]);
  });

  it('go back a fortnight for a disk, by the hour', () => {
    process.env['TZ'] = 'UTC';
    const now = at('2026-03-20T12:10:00Z');
    const targets = pastTargets(valuePlan('disk'), now);
    const past = openPast(targets, now);
    const points = Array.from({ length: 16 * 96 }, (_, n) => {
      const one = now - 5 * MINUTE - n * DAY_STEP;
      return { check: 'disk:value', at: one, status: 'ok', value: 50 - (n * DAY_STEP) / DAY } as const;
    });
    for (const slot of slotsOf(points, { from: 0, to: now, slotMs: DAY_STEP })) past.quarter(slot.check, slot);
    expect(past.quartersFrom('disk:value')).toBe(at('2026-03-06T13:00:00Z'));
    expect(past.quartersFrom('web:process')).toBeUndefined();
    const [series] = (targets[0] && past.target(targets[0], now)?.series) ?? [];
    expect(series?.values).toHaveLength(336);
    expect(series?.values.every((value) => value !== null)).toBe(true);
    expect(series?.values.at(0)).toBeCloseTo(36.06, 2);
    expect(series?.values.at(-1)).toBe(50);
  });

  it('have every disk, for the fullest of them is shown', () => {
    const one = valuePlan('disk');
    const first = one.checks['disk:value'];
    if (first === undefined) throw new Error('no check');
    const two = { ...one, checks: { ...one.checks, 'disk:home': { ...first, id: 'disk:home' } } };
    const figures = pastTargets(two, at('2026-03-20T12:10:00Z'))[0]?.figures;
    expect(figures?.map(({ check }) => check)).toEqual(['disk:value', 'disk:home']);
  });
});
