import { maintenanceOf } from './holds.ts';
import { runningAttempt } from './running.ts';
import type { BringUp } from './state.ts';
import { incidentOf, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/**
 * How it stands with recovery on the whole host, worst first: `degraded` needs a person, `recovering` is being worked
 * at, `active` is everything else.
 */
export type HostRecovery = 'active' | 'recovering' | 'degraded';

export function hostRecoveryOf(turn: Turn): HostRecovery {
  const { breakerUntil } = turn.state.host;
  const targets = Object.keys(turn.plan.targets);
  if (breakerUntil !== undefined && turn.now.steady < breakerUntil) return 'degraded';
  if (targets.some((target) => hasFailed(turn, target))) return 'degraded';
  if (targets.some((target) => isUnderWay(turn, target))) return 'recovering';
  return targets.some((target) => isDown(turn, target)) ? 'degraded' : 'active';
}

function hasFailed(turn: Turn, target: TargetId): boolean {
  const incident = incidentOf(turn, target);
  return incident?.gaveUp === true || incident?.phase === 'failed';
}

const WORKS: readonly BringUp['phase'][] = ['waiting', 'acting', 'verifying'];

function isUnderWay(turn: Turn, target: TargetId): boolean {
  return runningAttempt(turn, target) !== undefined || WORKS.includes(targetOf(turn, target).bringUp.phase);
}

/** What a person has put on hold is as that person wishes. */
function isDown(turn: Turn, target: TargetId): boolean {
  return incidentOf(turn, target)?.severity === 'critical' && maintenanceOf(turn, target) === undefined;
}
