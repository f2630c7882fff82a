import type { ProcessIdentity } from './types.ts';

/** One end of a service's process that nobody had wished. `at` is steady time. `pid` is 0 when it was never seen alive. */
export type UncleanEnd = ProcessIdentity & { readonly at: number };

/**
 * How many unclean ends a service may have, whoever caused them, before it is left in peace. Durations in ms. A gateway
 * that came up after too many of them keeps its channels off and says that it is well: over-killing makes it deaf.
 */
export type UncleanPolicy = {
  readonly most: number;
  readonly windowMs: number;
  readonly patienceMs: number;
};

/**
 * At most so many times is it ended by force within so long, whatever the config says: openclaw counts three boots that
 * ended uncleanly within five minutes.
 */
const FORCED = { most: 2, windowMs: 300_000 } as const;

const KEPT = 20;

/** Counts an end once, however often it is seen. */
export function withEnd(ends: readonly UncleanEnd[], end: UncleanEnd): readonly UncleanEnd[] {
  if (end.pid !== 0 && ends.some((one) => one.pid === end.pid && one.startToken === end.startToken)) return ends;
  return [...ends, end].slice(-KEPT);
}

/**
 * The steady time until which the service is left in peace; `undefined` when it may be acted upon. `ending`: the act
 * would end a process that lives, and so be the next unclean end itself. What is dead may be started as long as there
 * were not more ends than allowed.
 */
export function patienceUntil(
  ends: readonly UncleanEnd[],
  policy: UncleanPolicy,
  ending: boolean,
  steady: number,
): number | undefined {
  const tooMany = ending ? policy.most : policy.most + 1;
  if (tooMany <= 0) return undefined;
  const times = ends.map((end) => end.at).toSorted((a, b) => a - b);
  const bursts = times.filter((at, index) => {
    const first = times[index - tooMany + 1];
    return first !== undefined && at - first < policy.windowMs;
  });
  const last = bursts.at(-1);
  const until = last === undefined ? undefined : last + policy.patienceMs;
  return until !== undefined && steady < until ? until : undefined;
}

/** Until when it may not be ended by force again: `forced` are the steady times at which it was. */
export function forcedUntil(forced: readonly number[], steady: number): number | undefined {
  const recent = forced.filter((at) => steady - at < FORCED.windowMs);
  const first = recent[recent.length - FORCED.most];
  return first === undefined ? undefined : first + FORCED.windowMs;
}
