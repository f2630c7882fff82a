import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import type { Reason } from '../../src/core/types.ts';
import type { Ended, Episode } from '../../src/simulate/episode.ts';
import { recordedOf } from '../../src/simulate/read-incidents.ts';
import { type Ran, runHost } from '../../src/simulate/virtual-host.ts';
import { initialState } from '../../src/store/state.ts';
import { servicePlan } from '../helpers/plans.ts';
import { runs } from '../helpers/runs.ts';

const FROM = Date.parse('2026-03-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const NAMES = ['a', 'b', 'c'] as const;

function run(plan: Plan, episodes: readonly Episode[], to: number): Ran {
  return runHost({ plan, episodes, from: FROM, to, state: initialState(), owners: {} });
}

/** When each of them was attempted, in ms since the begin. */
function attempts({ acts }: Ran, target: string): readonly number[] {
  return acts.filter((act) => act.target === target).map(({ at }) => at - FROM);
}

/** Looks at a trouble that lasts are half a minute apart, and where they fall depends on the looks before. */
const NEAR_MS = 45_000;

const outcome = fc.record({
  result: fc.constantFrom('done' as const, 'failed' as const, 'refused' as const),
  actMs: fc.integer({ min: 20, max: 5_000 }),
});

/** What an attempt may heal, and what ends without one. */
const healed = fc.record({
  reason: fc.constantFrom<Reason>('gone', 'absent', 'silent', 'refused'),
  lastsMs: fc.constant(4 * HOUR_MS),
  ended: fc.record({
    by: fc.constant('attempt' as const),
    nth: fc.integer({ min: 1, max: 3 }),
    acts: fc.constant(1),
    actMs: fc.integer({ min: 20, max: 5_000 }),
    // Within the least grace: what answers only after that is not known to be the attempt's doing.
    startMs: fc.integer({ min: 0, max: 8_000 }),
  }),
});
const left = fc.record({
  reason: fc.constantFrom<Reason>(
    'gone',
    'silent',
    'refused',
    'failing',
    'rate-limited',
    'slow',
    'cannot-look',
    'foreign',
  ),
  lastsMs: fc.integer({ min: 1_000, max: HOUR_MS }),
  ended: fc.record({ by: fc.constantFrom('itself' as const, 'person' as const) }),
});

/** Troubles of one service, with pauses between them. */
const troubles = fc.array(
  fc.tuple(
    fc.oneof<fc.Arbitrary<Pick<Episode, 'reason' | 'ended'> & { readonly lastsMs: number }>[]>(healed, left),
    fc.integer({ min: 120_000, max: 5 * HOUR_MS }),
    fc.array(outcome, { maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 2 },
);

const policy = fc.record({
  cooldownMs: fc.integer({ min: 1, max: 20 }).map((minutes) => minutes * 60_000),
  maxAttemptsPerHour: fc.integer({ min: 1, max: 6 }),
  startGraceMs: fc.integer({ min: 10, max: 120 }).map((seconds) => seconds * 1_000),
});

type Sketch = readonly [
  { readonly lastsMs: number; readonly reason: Reason; readonly ended: Ended },
  number,
  Episode['vain'],
];

function episodesOf(target: string, sketches: readonly Sketch[]): readonly Episode[] {
  let at = FROM;
  return sketches.map(([{ lastsMs, ...rest }, afterMs, vain]) => {
    const from = at + afterMs;
    at = from + lastsMs;
    return { target, from, to: at, class: undefined, severity: 'critical', vain, ...rest };
  });
}

test('what a policy did, as the record tells it, is what the simulation of that policy does', {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(fc.tuple(troubles, troubles, troubles), policy, fc.boolean(), (lists, limits, isChild) => {
      const service = { policy: limits, processEveryMs: 5_000 };
      const plan = servicePlan({ a: service, b: { ...service, ...(isChild ? { parents: ['a'] } : {}) }, c: service });
      const episodes = NAMES.flatMap((name, index) => episodesOf(name, lists[index] ?? []));
      const to = Math.max(...episodes.map((one) => one.to ?? 0)) + HOUR_MS;
      const lived = run(plan, episodes, to);
      const record = Object.values(lived.state.incidents).map(recordedOf);
      const again = run(
        plan,
        record.map(({ episode }) => episode),
        to,
      );
      for (const name of NAMES) {
        const [was, is] = [attempts(lived, name), attempts(again, name)];
        expect(is.length, `${name}: ${is.join(' ')} for ${was.join(' ')}`).toBe(was.length);
        for (const [index, at] of was.entries()) expect(Math.abs(at - (is[index] ?? 0))).toBeLessThan(NEAR_MS);
      }
      expect(record.flatMap((one) => one.attempts)).toHaveLength(lived.acts.length);
    }),
    { numRuns: runs(2), endOnFailure: true },
  );
});
