import { describe, expect, it } from 'vitest';
import { calendarOf } from '../../dashboard/measure.ts';
import { barPaths } from '../../dashboard/past/bar-paths.ts';
import { ribbonMarks } from '../../dashboard/past/ribbon-axis.ts';
import { sentenceOf } from '../../dashboard/past/sentence.ts';
import { slotNamesOf } from '../../dashboard/past/slot-names.ts';
import { halved, SLOTS, stripOf } from '../../dashboard/past/strip.ts';
import { ribbonStrip, targetStrip, targetUptime } from '../../dashboard/past/target-past.ts';
import { uptimeNow, uptimeText } from '../../dashboard/past/uptime.ts';
import { calmSample, incidentSample, samplePast } from './sample.ts';
import { D, H, incident, MIN } from './targets.ts';

const AT = Date.UTC(2026, 10, 21, 13, 4, 24);
const berlin = calendarOf('Europe/Berlin');
const names = (range: 'day' | 'month' | 'quarter', now = AT) => slotNamesOf(range, now, berlin);

describe('the bars', () => {
  const past = samplePast(AT - 4 * MIN);
  const of = (id: string, snapshot = calmSample(AT), now = AT) => {
    const target = snapshot.targets.find((one) => one.id === id);
    if (target === undefined) throw new Error(id);
    return targetStrip(
      target,
      past.targets.find((one) => one.id === id),
      past,
      snapshot,
      names('month', now),
    );
  };

  it('show a day each, the last one today', () => {
    expect(of('message-gateway')).toBe(`${'o'.repeat(19)}s${'o'.repeat(5)}d${'o'.repeat(4)}`);
  });

  it('show trouble that began after the history was written', () => {
    expect(of('message-gateway', incidentSample(AT)).at(-1)).toBe('d');
    expect(ribbonStrip(past, incidentSample(AT), names('day')).slice(-2)).toBe('od');
  });

  it('move on when a day is over, and know nothing of the new one', () => {
    expect(of('message-gateway', calmSample(AT), AT + D).slice(-3)).toBe('oo.');
  });

  it('keep a gap where nobody watched, and bridge the quarter that the history has not told yet', () => {
    const strip = (pastUntil: number): string => {
      const axis = names('day').axis;
      const bars = { from: (axis.last - 95) * 15 * MIN, slotMs: 15 * MIN, states: 'o'.repeat(90) };
      return stripOf(bars, 96, axis, { pastUntil, at: AT, letter: 'o', troubles: [] }).slice(-7);
    };
    expect(strip(AT - 30 * MIN)).toBe('o....oo');
    expect(strip(AT - 90 * MIN)).toBe('o.....o');
  });

  it('are no data without a history, but for what is known now', () => {
    expect(ribbonStrip(undefined, calmSample(AT), names('day'))).toBe(`${'.'.repeat(40)}ss${'.'.repeat(53)}o`);
  });

  it('do not take letters they do not know for good', () => {
    const bars = { from: AT - 3 * 15 * MIN, slotMs: 15 * MIN, states: 'oXo' };
    const present = { pastUntil: AT, at: AT - 9 * D, letter: '.', troubles: [] };
    expect(stripOf(bars, 4, names('day').axis, present)).toBe('o.o.');
  });

  it('let the worse of two slots win on a phone', () => {
    expect(halved('oosodmo.')).toBe('osdo');
  });

  it('make problems stick out and have one path for a letter, however many there are', () => {
    const paths = barPaths('oosd.', 50, 20);
    expect(paths.map(({ letter }) => letter)).toEqual(['o', 's', 'd', '.']);
    const tops = paths.map(({ d }) => Number(/^M[\d.]+ ([\d.]+)/.exec(d)?.[1]));
    expect(tops).toEqual([10, 5.2, 0, 17.2]);
  });
});

describe('the days of the host', () => {
  it.each([
    ['forward', Date.UTC(2026, 2, 30, 10)],
    ['back', Date.UTC(2026, 9, 26, 10)],
  ])('are whole days also when clocks go %s', (_, now) => {
    const days = names('month', now);
    const spans = Array.from({ length: SLOTS.month }, (__, place) => days.span(place, place));
    expect(new Set(spans).size).toBe(30);
    expect(spans.at(-1)).toBe(berlin.day(now));
    const places = Array.from(
      { length: SLOTS.month },
      (__, place) => days.axis.slotOf(days.at(place)) - days.axis.last,
    );
    expect(places).toEqual(Array.from({ length: 30 }, (__, place) => place - 29));
  });
});

describe('the bars in words', () => {
  const month = `${'o'.repeat(18)}s${'o'.repeat(6)}d${'o'.repeat(4)}`;

  it('say the good days, and each bad one by its date', () => {
    const stopped = incident(AT, { start: AT - 4 * D, end: AT - 4 * D + 41_000 });
    expect(sentenceOf(month, names('month'), [stopped])).toBe(
      'Last 30 days: 28 good, slow on 10 Nov, down on 17 Nov for 41 s.',
    );
  });

  it('say runs, gaps, and how many more there are', () => {
    expect(sentenceOf(`...${'o'.repeat(24)}ddd`, names('month'), [])).toBe(
      'Last 30 days: 24 good, down 19 Nov to 21 Nov, 3 without data.',
    );
    expect(sentenceOf('so'.repeat(15), names('month'), [])).toContain(', and 9 more.');
    expect(sentenceOf(`${'.'.repeat(29)}d`, names('month'), [])).toBe('Last 30 days: down on 21 Nov, 29 without data.');
    expect(sentenceOf('o'.repeat(30), names('month'), [])).toBe('Last 30 days: all good.');
    expect(sentenceOf('.'.repeat(90), names('quarter'), [])).toBe('Last 90 days: no data.');
  });

  it('say the times of a day', () => {
    const day = `${'o'.repeat(41)}ss${'o'.repeat(52)}d`;
    expect(sentenceOf(day, names('day'), [])).toBe(
      'Last 24 hours: good for 23 h 15 min, slow within 00:30 to 01:00, down within 14:00 to now.',
    );
  });

  it('have full hours six apart under the ribbon', () => {
    expect(ribbonMarks(names('day'), 96, berlin).map(({ word }) => word)).toEqual(['20:00', '02:00', '08:00']);
  });
});

describe('the uptime', () => {
  it('is rounded down and is 100% only when it was never down', () => {
    const month = 30 * D;
    expect([0, 1, 41_000, 43 * MIN, month, 2 * month].map((downMs) => uptimeText({ downMs, knownMs: month }))).toEqual([
      '100%',
      '99.99%',
      '99.99%',
      '99.90%',
      '0.00%',
      '0.00%',
    ]);
    expect(uptimeText({ downMs: 0, knownMs: 0 })).toBe('–');
  });

  it('counts the trouble since the history was written', () => {
    const troubles = [{ from: AT - 134_000, to: AT, letter: 'd' as const }];
    expect(uptimeNow({ downMs: 0, knownMs: H }, AT - 5 * MIN, AT, troubles)).toEqual({
      downMs: 134_000,
      knownMs: H + 5 * MIN,
    });
    expect(uptimeNow({ downMs: 5, knownMs: H }, AT - 3 * H, AT, [])).toEqual({ downMs: 5, knownMs: H });
  });

  it('is unknown without a history', () => {
    const [target] = calmSample(AT).targets;
    if (target !== undefined) expect(targetUptime(target, undefined, undefined, calmSample(AT), 'month')).toBe('–');
    expect.assertions(1);
  });
});
