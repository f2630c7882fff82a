import { reasonOf } from './health.ts';
import { giveUp, setPhase } from './incident.ts';
import { rememberAttempt } from './incident-attempts.ts';
import { whyInVain } from './left-alone.ts';
import { mayStart } from './limits.ts';
import { isRefused } from './refused.ts';
import { patchAttempt, runningAttempt } from './running.ts';
import type { Attempt } from './state.ts';
import { incidentOf, planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** The attempt is over without having helped; what that means for the incident. */
export function endAttempt(
  turn: Turn,
  target: TargetId,
  outcome: 'not-recovered' | 'refused' | 'interrupted' | 'stopped',
): void {
  finishAttempt(turn, target, outcome);
  if (incidentOf(turn, target)?.stopped !== undefined) return setPhase(turn, target, 'suppressed');
  if (isRefused(turn, target))
    return giveUp(turn, target, 'It refuses its configuration; not tried again until the config changes');
  const vain = whyInVain(turn, target, reasonOf(turn, target));
  if (outcome === 'not-recovered' && vain !== undefined)
    return giveUp(turn, target, `Recovery has failed: ${vain}. It needs a person`);
  if (outcome === 'refused' || isSpent(turn, target))
    return giveUp(turn, target, 'Recovery has failed; it needs a person');
  setPhase(turn, target, incidentOf(turn, target)?.gaveUp === true ? 'failed' : 'detected');
}

export function finishAttempt(turn: Turn, target: TargetId, outcome: NonNullable<Attempt['outcome']>): void {
  const attempt = runningAttempt(turn, target);
  if (attempt !== undefined) rememberAttempt(turn, attempt, outcome);
  patchAttempt(turn, target, { phase: 'ended', ended: turn.now, retryAt: undefined, goods: [], outcome });
  // The next attempt asks the host anew whether something forbids it.
  setTarget(turn, target, { starting: undefined, survey: undefined });
}

/** No further attempt may follow within the hour. */
function isSpent(turn: Turn, target: TargetId): boolean {
  const { attempts, forgottenAt } = targetOf(turn, target);
  const { policy } = planOf(turn, target);
  const host = { ...turn.state.host, breakerUntil: undefined };
  const question = { attempts, forgottenAt, host, policy, limits: turn.plan.limits };
  return !mayStart({ ...question, failed: false, manual: false, running: 0 }, turn.now.steady + policy.cooldownMs).ok;
}
