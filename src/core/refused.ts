import { planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/*
 * A service that refuses its configuration (exit 78) is left alone until that changes: looping on it is harm. What it was
 * refused under is remembered until it is tried under another one, for its owner goes on telling of that end until then.
 */

/** It was refused as it is configured now. */
export function isRefused(turn: Turn, target: TargetId): boolean {
  return targetOf(turn, target).refusedUnder === planOf(turn, target).fingerprint;
}

export function refuse(turn: Turn, target: TargetId): void {
  setTarget(turn, target, { refusedUnder: planOf(turn, target).fingerprint });
}

/** Its owner tells that it ended so: that is news only where no end under an older configuration was known. */
export function refuseAsTold(turn: Turn, target: TargetId): void {
  if (targetOf(turn, target).refusedUnder === undefined) refuse(turn, target);
}

/** It is started again: from now on its ends are those under its present configuration. */
export function forgetRefused(turn: Turn, target: TargetId): void {
  if (targetOf(turn, target).refusedUnder !== undefined) setTarget(turn, target, { refusedUnder: undefined });
}
