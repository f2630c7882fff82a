import { meaningOf } from './classify/meaning.ts';
import type { TroubleClass } from './classify.ts';
import type { Step } from './plan.ts';
import { troubleOf } from './trouble.ts';
import { looksOf, planOf, type Turn } from './turn.ts';
import type { Reason, TargetId } from './types.ts';
import { isBad } from './verdict.ts';

/** Never acted upon by itself, whatever `recoverOn` says: an act could only make it worse. */
const NEVER_FOR: Partial<Readonly<Record<Reason, string>>> = {
  'rate-limited': 'it limits how often it may be asked: that is waited for, a restart would not change it',
  slow: 'it answers, only late: that is told and not acted upon',
};

export function neverFor(reason: Reason): string | undefined {
  return NEVER_FOR[reason];
}

/** By the newest looks it answers again, and nothing is left but what is never acted upon: a further step would be for that. */
export function isAnswering(turn: Turn, target: TargetId): boolean {
  const bad = looksOf(turn, target).filter((look) => isBad(look.status));
  return bad.length > 0 && bad.every(({ reason }) => reason === 'degraded' || neverFor(reason) !== undefined);
}

/** Each start would work on with what is damaged. */
export const DAMAGED =
  'its own last words say that its data are damaged: a start could make that worse, so it is left to a person';

export function isDamaged(turn: Turn, target: TargetId, reason: Reason): boolean {
  return troubleOf(turn, target, reason).class === 'data-corruption';
}

/** What the same start would only meet again: nothing mends it but a person, or another service. */
const IN_VAIN: readonly TroubleClass[] = ['permission', 'wrong-runtime', 'dependency-missing', 'disk-full'];

/**
 * Why another try of the same would be in vain after one that failed, or `undefined`. `step`: what would be tried; one that
 * names the class was written for it.
 */
export function whyInVain(turn: Turn, target: TargetId, reason: Reason, step?: Pick<Step, 'when'>): string | undefined {
  if (planOf(turn, target).kind !== 'service') return undefined;
  const { class: kind } = troubleOf(turn, target, reason);
  if (kind === 'data-corruption') return DAMAGED;
  if (!IN_VAIN.includes(kind) || step?.when?.includes(kind) === true) return undefined;
  return `${meaningOf(kind)}, and that would be so again`;
}
