import { describe, expect, it, test } from 'vitest';
import { forcedUntil, patienceUntil, withEnd } from '../../src/core/unclean-ends.ts';

const MINUTE = 60_000;
const policy = { most: 2, windowMs: 10 * MINUTE, patienceMs: 30 * MINUTE };
const ends = (...minutes: readonly number[]) =>
  minutes.map((minute, pid) => ({ pid: pid + 1, startToken: String(pid), at: minute * MINUTE }));
const until = (minutes: readonly number[], ending: boolean, at: number) => {
  const steady = patienceUntil(ends(...minutes), policy, ending, at * MINUTE);
  return steady === undefined ? undefined : steady / MINUTE;
};

describe('the budget of unclean ends', () => {
  test.each([
    ['nothing has ended', [], 0, undefined, undefined],
    ['one end', [1], 1, undefined, undefined],
    ['two ends: what is dead may be started, what lives may not be ended', [1, 5], 6, 35, undefined],
    ['two ends, and patience is over', [1, 5], 35, undefined, undefined],
    ['two ends too far apart', [1, 12], 12, undefined, undefined],
    ['three ends: it is left in peace', [1, 3, 5], 6, 35, 35],
    ['three ends, late in the patience', [1, 3, 5], 34.9, 35, 35],
    ['a fourth end makes patience longer', [1, 3, 5, 9], 20, 39, 39],
    ['a late end alone makes it no longer', [1, 3, 5, 30], 34, 35, 35],
    ['in any order', [5, 1, 3], 6, 35, 35],
  ])('%s', (_, minutes, at, whenEnding, whenStarting) => {
    expect(until(minutes, true, at)).toBe(whenEnding);
    expect(until(minutes, false, at)).toBe(whenStarting);
  });

  it('counts an end once, and those of processes that were never seen each', () => {
    const end = { pid: 7, startToken: 'a', at: 1 };
    expect(withEnd(withEnd([], end), { ...end, at: 2 })).toHaveLength(1);
    expect(withEnd(withEnd([], end), { ...end, startToken: 'b' })).toHaveLength(2);
    const unseen = { pid: 0, startToken: '', at: 1 };
    expect(withEnd(withEnd([], unseen), { ...unseen, at: 2 })).toHaveLength(2);
    let many = withEnd([], end);
    for (let pid = 100; pid < 200; pid += 1) many = withEnd(many, { pid, startToken: '', at: pid });
    expect(many).toHaveLength(20);
    expect(many.at(-1)?.pid).toBe(199);
  });

  it('lets nothing be ended by force a third time within five minutes', () => {
    expect(forcedUntil([], 0)).toBeUndefined();
    expect(forcedUntil([0], 1)).toBeUndefined();
    expect(forcedUntil([0, MINUTE], 2 * MINUTE)).toBe(5 * MINUTE);
    expect(forcedUntil([0, MINUTE], 5 * MINUTE)).toBeUndefined();
  });
});
