import type { Attempt } from './state.ts';
import type { StepResult } from './step-result.ts';
import { setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** Bounds of what is remembered of one attempt, however often it is retried. */
const RESULTS_KEPT = 40;
const DID_KEPT = 60;

/** The attempt that has no outcome yet: at work, or waiting for its next try. */
export function runningAttempt(turn: Turn, target: TargetId): Attempt | undefined {
  const last = targetOf(turn, target).attempts.at(-1);
  return last !== undefined && last.phase !== 'ended' ? last : undefined;
}

/** The attempt that does something now, or awaits the proof of it. Between two tries nothing is done. */
export function attemptAtWork(turn: Turn, target: TargetId): Attempt | undefined {
  const attempt = runningAttempt(turn, target);
  return attempt?.phase === 'waiting' ? undefined : attempt;
}

/** Changes the newest attempt. */
export function patchAttempt(turn: Turn, target: TargetId, patch: Partial<Attempt>): void {
  const { attempts } = targetOf(turn, target);
  const last = attempts.at(-1);
  if (last === undefined) return;
  const did = patch.did === undefined ? {} : { did: patch.did.slice(-DID_KEPT) };
  setTarget(turn, target, { attempts: [...attempts.slice(0, -1), { ...last, ...patch, ...did }] });
}

export function addResult(turn: Turn, target: TargetId, result: StepResult): void {
  const steps = runningAttempt(turn, target)?.steps ?? [];
  patchAttempt(turn, target, { steps: [...steps, result].slice(-RESULTS_KEPT) });
}

/** Changes the result of the newest try. */
export function patchResult(turn: Turn, target: TargetId, patch: Partial<StepResult>): void {
  const steps = runningAttempt(turn, target)?.steps ?? [];
  const last = steps.at(-1);
  if (last !== undefined) patchAttempt(turn, target, { steps: [...steps.slice(0, -1), { ...last, ...patch }] });
}

/** How often the present step has been tried; the newest result knows, also when older ones are forgotten. */
export function triesOf({ step, steps }: Pick<Attempt, 'step' | 'steps'>): number {
  const last = steps.at(-1);
  return last?.step === step ? last.try : 0;
}
