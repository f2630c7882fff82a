import type { TroubleClass } from './classify.ts';
import type { Playbook, Step } from './plan.ts';
import { checkOf, planOf, type Turn } from './turn.ts';
import type { TargetId } from './types.ts';
import { isBad } from './verdict.ts';

export type Chosen = { readonly playbook: Playbook; readonly step: number };

/** Which playbook is run by itself for a class, and with which step it begins; `undefined` when none fits. */
export function chosenPlaybook(
  turn: Turn,
  target: TargetId,
  kind: TroubleClass,
  anyClass: boolean,
): Chosen | undefined {
  for (const playbook of planOf(turn, target).playbooks) {
    if (!anyClass && playbook.when?.includes(kind) === false) continue;
    const step = nextStep(turn, playbook.steps, 0, kind, anyClass);
    if (step >= 0) return { playbook, step };
  }
  return undefined;
}

/**
 * Index of the first step from `from` that recovers, fits the class and is of use for what is bad now; -1 when there is
 * none. A person's own wish (`anyClass`) fits every step.
 */
export function nextStep(
  turn: Turn,
  steps: readonly Step[],
  from: number,
  kind: TroubleClass,
  anyClass: boolean,
): number {
  const fits = (step: Step): boolean => step.when?.includes(kind) ?? true;
  const isOfUse = (step: Step): boolean => step.checks?.some((id) => isBad(checkOf(turn, id).belief)) ?? true;
  return steps.findIndex(
    (step, index) => index >= from && step.recovers && (anyClass || (fits(step) && isOfUse(step))),
  );
}
