import type { CheckPlan } from './plan.ts';
import type { CheckState } from './state.ts';
import type { Now, Result, Status } from './types.ts';

/** Worst last. `idle` has no say; `unknown` is worse than good and better than a known trouble. */
const RANK: Readonly<Record<Status, number>> = { idle: 0, ok: 1, unknown: 2, warning: 3, critical: 4 };

export function worse(a: Status, b: Status): Status {
  return RANK[b] > RANK[a] ? b : a;
}

export function isBad(status: Status): status is 'warning' | 'critical' {
  return status === 'warning' || status === 'critical';
}

export function freshCheck(now: Now): CheckState {
  return {
    belief: 'idle',
    since: now,
    evidence: 'suspect',
    reason: 'nothing-to-look-at',
    message: '',
    ...NO_STRIKES,
  };
}

/**
 * Folds one look into what is believed of a check (DESIGN §4). `counting` is false while a hold is in force, the
 * service is starting or its parent recovers: then suspect evidence is seen but leaves no strike.
 * Returns the same object when nothing changed, so that a quiet host writes nothing.
 */
export function fold(state: CheckState, result: Result, plan: CheckPlan, counting: boolean, now: Now): CheckState {
  switch (result.status) {
    case 'idle':
      return state.belief === 'idle' && state.strikes === 0 ? state : { ...freshCheck(now), message: result.message };
    case 'ok':
      return result.clear === false && isBad(state.belief) ? calm(state) : better(state, result, plan, now);
    case 'unknown':
      // Not seeing is no news about a trouble that was seen (node-problem-detector never repairs what it could not see).
      return isBad(state.belief) ? state : confirm(strike(state, result, plan, counting), result, plan, now);
    case 'warning':
    case 'critical':
      return confirm(strike(state, result, plan, counting), result, plan, now);
  }
}

/** A value between its clear level and its limit: not over, not yet well. */
function calm(state: CheckState): CheckState {
  return state.goods === 0 && state.criticalSince === undefined
    ? state
    : { ...state, goods: 0, criticalSince: undefined };
}

function better(state: CheckState, result: Result, plan: CheckPlan, now: Now): CheckState {
  if (state.belief === 'ok')
    return state.strikes === 0 && state.badSince === undefined ? state : { ...state, ...NO_STRIKES };
  const needed =
    isBad(state.belief) && state.evidence === 'suspect' && plan.forMs === undefined ? plan.successThreshold : 1;
  const goods = state.goods + 1;
  if (goods < needed) return { ...state, ...NO_STRIKES, goods };
  return { ...freshCheck(now), belief: 'ok', reason: 'fine', message: result.message };
}

/** A row of failed or good looks that begins anew. */
export const NO_STRIKES = {
  strikes: 0,
  unseen: 0,
  definites: 0,
  goods: 0,
  badSince: undefined,
  silentSince: undefined,
  criticalSince: undefined,
  countedAt: undefined,
};

/** Records one failed look as a strike. Looks that come faster than `retryEvery` are seen but not counted. */
function strike(state: CheckState, result: Result, plan: CheckPlan, counting: boolean): CheckState {
  const definite = result.evidence === 'definite';
  const at = { at: result.at, steady: result.steady };
  if (!counting && !definite) {
    // A row that began before the hold starts over after it: silence measured across a hold proves nothing.
    if (isBad(state.belief)) return withoutRow(state);
    return state.strikes === 0 ? state : { ...state, ...NO_STRIKES };
  }
  const ended = result.steady + result.tookMs;
  const spaced =
    definite || state.countedAt === undefined || result.steady - state.countedAt >= plan.retryEveryMs * 0.9;
  const definites = definite ? Math.min(2, state.definites + 1) : 0;
  if (state.belief === result.status) {
    // What is believed bad for another reason may fall silent as well, and silence must last again.
    const silentSince = result.silent ? (state.silentSince ?? at) : undefined;
    const same = state.goods === 0 && silentSince === state.silentSince && definites === state.definites;
    return same ? state : { ...state, goods: 0, silentSince, definites };
  }
  return {
    ...state,
    goods: 0,
    strikes: spaced ? state.strikes + 1 : state.strikes,
    unseen: spaced && result.status === 'unknown' ? state.unseen + 1 : state.unseen,
    definites,
    countedAt: spaced ? ended : state.countedAt,
    badSince: state.badSince ?? at,
    silentSince: result.silent ? (state.silentSince ?? at) : undefined,
    criticalSince: result.status === 'critical' ? (state.criticalSince ?? at) : undefined,
  };
}

function withoutRow(state: CheckState): CheckState {
  return state.silentSince === undefined && state.definites === 0
    ? state
    : { ...state, silentSince: undefined, definites: 0 };
}

/** Turns strikes into belief when there are enough of them; also asked again as time passes, for silence and `for:`. */
export function confirm(state: CheckState, result: Result, plan: CheckPlan, now: Now): CheckState {
  if (state.strikes === 0 || result.status === 'ok' || result.status === 'idle') return state;
  if (!isConfirmed(state, result, plan, now)) return state;
  const believed = believable(state, result, plan, now);
  // Just under the critical limit is no reason yet to believe less.
  if (state.belief === 'critical' && believed === 'warning' && result.clear === false) return state;
  if (believed === state.belief && state.reason === result.reason) return state;
  return {
    ...state,
    belief: believed,
    since: state.belief === 'ok' || state.belief === 'idle' ? (state.badSince ?? now) : now,
    evidence: result.evidence,
    reason: result.reason,
    message: result.message,
  };
}

function isConfirmed(state: CheckState, result: Result, plan: CheckPlan, now: Now): boolean {
  if (result.evidence === 'definite') return state.definites >= 2;
  if (plan.forMs !== undefined && result.status !== 'unknown') {
    return state.badSince !== undefined && now.steady - state.badSince.steady >= plan.forMs;
  }
  const failed = result.status === 'unknown' ? state.strikes : state.strikes - state.unseen;
  if (failed < plan.failureThreshold) return false;
  if (!result.silent) return true;
  return state.silentSince !== undefined && now.steady - state.silentSince.steady >= plan.hungAfterMs;
}

/** A value that only just went critical is still a warning until it stayed critical for its time. */
function believable(state: CheckState, result: Result, plan: CheckPlan, now: Now): Status {
  if (result.status !== 'critical' || plan.forMs === undefined) return result.status;
  const long = state.criticalSince !== undefined && now.steady - state.criticalSince.steady >= plan.forMs;
  return long ? 'critical' : 'warning';
}

/** What a failed look that is not yet confirmed should trigger: how soon to look again, or `undefined` for the usual time. */
export function recheckAfter(
  before: CheckState,
  after: CheckState,
  result: Result,
  plan: CheckPlan,
): number | undefined {
  if (after.strikes === 0 || after.strikes === before.strikes) return undefined;
  if (after.belief === result.status) return undefined;
  // What asks for fewer looks is not looked at sooner for it.
  if (result.reason === 'rate-limited') return undefined;
  if (result.evidence === 'definite') return 0;
  return plan.forMs === undefined ? plan.retryEveryMs : undefined;
}
