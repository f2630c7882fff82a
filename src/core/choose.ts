import type { TroubleClass } from './classify.ts';
import { type Playbook, playbookNamed, type Step } from './plan.ts';
import { checkOf, planOf, type Turn } from './turn.ts';
import type { TargetId } from './types.ts';
import { isBad } from './verdict.ts';

export type Chosen = { readonly playbook: Playbook; readonly step: number };

/** Which playbook is run by itself for a class, and with which step it begins; `undefined` when none fits. */
export function chosenPlaybook(turn: Turn, target: TargetId, kind: TroubleClass): Chosen | undefined {
  const fitting = planOf(turn, target).playbooks.filter(({ when }) => when?.includes(kind) ?? true);
  return first(fitting, ({ steps }) => nextStep(turn, steps, 0, kind));
}

/** The same for a person's wish, which may name one. What was asked for is run, also where nothing of it fits the class. */
export function askedPlaybook(
  turn: Turn,
  target: TargetId,
  kind: TroubleClass,
  name: string | undefined,
): Chosen | undefined {
  const plan = planOf(turn, target);
  const named = name === undefined ? undefined : playbookNamed(plan, name);
  if (name !== undefined && named === undefined) return undefined;
  const playbooks = named === undefined ? plan.playbooks : [named];
  return (
    (named === undefined ? chosenPlaybook(turn, target, kind) : undefined) ??
    first(playbooks, ({ steps }) => nextStep(turn, steps, 0, kind)) ??
    first(playbooks, ({ steps }) => steps.findIndex(({ recovers }) => recovers))
  );
}

function first(playbooks: readonly Playbook[], stepOf: (playbook: Playbook) => number): Chosen | undefined {
  for (const playbook of playbooks) {
    const step = stepOf(playbook);
    if (step >= 0) return { playbook, step };
  }
  return undefined;
}

/** Index of the first step from `from` that recovers, fits the class and is of use for what is bad now; -1 when there is none. */
export function nextStep(turn: Turn, steps: readonly Step[], from: number, kind: TroubleClass): number {
  const fits = (step: Step): boolean => step.when?.includes(kind) ?? true;
  const isOfUse = (step: Step): boolean => step.checks?.some((id) => isBad(checkOf(turn, id).belief)) ?? true;
  return steps.findIndex((step, index) => index >= from && step.recovers && fits(step) && isOfUse(step));
}
