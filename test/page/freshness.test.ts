import { describe, expect, it } from 'vitest';
import { freshnessOf, tick } from '../../dashboard/freshness.ts';

const WRITTEN = 1_700_000_000_000;
const S = 1000;
const MIN = 60 * S;
const data = (everyMs: number, state = 'running') => ({ writtenAt: WRITTEN, everyMs, daemon: { state } });
const kindAt = (ageMs: number, everyMs = 20 * S, wokeAt?: number): string =>
  freshnessOf(data(everyMs), WRITTEN + ageMs, wokeAt).kind;

describe('how far the data may be believed', () => {
  it('is fresh until two and a half intervals and five seconds have passed', () => {
    expect([0, 54_999, 55_000, 55_001].map((age) => kindAt(age))).toEqual(['fresh', 'fresh', 'fresh', 'late']);
  });

  it('is late until two minutes, or six intervals where those are longer', () => {
    expect([120_000, 120_001].map((age) => kindAt(age))).toEqual(['late', 'stale']);
    expect([6 * MIN, 6 * MIN + 1].map((age) => kindAt(age, MIN))).toEqual(['late', 'stale']);
  });

  it('turns stale within 2 min 10 s of the last write of a daemon that writes every 20 s', () => {
    expect(kindAt(2 * MIN + 10 * S)).toBe('stale');
  });

  it('takes data from up to a minute ahead as new, and from further ahead as a clock problem', () => {
    expect(kindAt(-MIN)).toBe('fresh');
    expect(freshnessOf(data(20 * S), WRITTEN - 4 * MIN, undefined)).toEqual({ kind: 'ahead', aheadMs: 4 * MIN });
  });

  it('says stopped for a daemon that stopped on purpose, however old or ahead the data is', () => {
    for (const age of [-5 * MIN, 0, 9 * 24 * 60 * MIN]) {
      expect(freshnessOf(data(20 * S, 'stopped'), WRITTEN + age, undefined).kind).toBe('stopped');
    }
  });

  it('waits two intervals after a sleep before it says stale, and never calls old data fresh meanwhile', () => {
    const woke = WRITTEN + 8 * 60 * MIN;
    const after = (ms: number): string => freshnessOf(data(20 * S), woke + ms, woke).kind;
    expect([0, 39_999, 40_000].map(after)).toEqual(['waking', 'waking', 'stale']);
  });

  it('notices a sleep by a gap of more than 30 s between two ticks', () => {
    const before = { lastAt: WRITTEN, wokeAt: undefined };
    expect(tick(before, WRITTEN + 30 * S).wokeAt).toBeUndefined();
    const slept = tick(before, WRITTEN + 31 * S);
    expect(slept.wokeAt).toBe(WRITTEN + 31 * S);
    expect(tick(slept, WRITTEN + 32 * S).wokeAt).toBe(WRITTEN + 31 * S);
    expect(tick(before, WRITTEN - 60 * MIN).wokeAt).toBeUndefined();
  });
});
