import type { Levels } from './levels.ts';
import type { CheckPlan } from './plan.ts';
import type { CheckState } from './state.ts';
import { sayDuration } from './units.ts';

/** Why failed looks are not believed yet, for people: `2 of 3 failed looks`. */
export function doubtOf(check: CheckState, plan: CheckPlan): string {
  if (check.strikes === 0) return 'not counted now';
  if (plan.forMs !== undefined) return `must last ${sayDuration(plan.forMs)}`;
  if (check.strikes < plan.failureThreshold) return `${check.strikes} of ${plan.failureThreshold} failed looks`;
  const silence = check.silentSince === undefined ? '' : `; silence must last ${sayDuration(plan.hungAfterMs)}`;
  return `${plan.failureThreshold} failed looks${silence}`;
}

/** The limits of a check that judges a share. Its options are its own, so they are only read here where they have the form. */
export function levelsOf(options: unknown): Pick<Levels, 'warningPercent' | 'criticalPercent'> | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  if (!('warningPercent' in options) || !('criticalPercent' in options)) return undefined;
  const { warningPercent, criticalPercent } = options;
  if (typeof warningPercent !== 'number' || typeof criticalPercent !== 'number') return undefined;
  return { warningPercent, criticalPercent };
}
