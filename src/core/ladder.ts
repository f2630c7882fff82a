import { nextStep } from './choose.ts';
import { endAttempt } from './end-attempt.ts';
import { reasonOf } from './health.ts';
import { note } from './incident.ts';
import { isAnswering, whyInVain } from './left-alone.ts';
import { type Playbook, playbookNamed, type Step } from './plan.ts';
import { isRefused } from './refused.ts';
import { addResult, patchAttempt, runningAttempt, triesOf } from './running.ts';
import type { Attempt } from './state.ts';
import { planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';
import { sayDuration } from './units.ts';

const LONGEST_BACKOFF_MS = 300_000;

/** The playbook of an attempt as it stands now; `undefined` when it was changed under the attempt. */
export function playbookOf(turn: Turn, target: TargetId, attempt: Attempt): Playbook | undefined {
  const playbook = playbookNamed(planOf(turn, target), attempt.playbook);
  const last = attempt.steps.at(-1);
  return last === undefined || playbook?.steps[last.step]?.action === last.action ? playbook : undefined;
}

/** Before the nth retry of a step, counted from 1: doubled each time, up to five minutes. */
export function backoffBefore(step: Step, retry: number): number {
  return Math.min(LONGEST_BACKOFF_MS, step.backoffMs * 2 ** (retry - 1));
}

/** Writes the try down and asks for its action. */
export function runStep(turn: Turn, target: TargetId, step: Step, attempt: Attempt): void {
  addResult(turn, target, {
    step: attempt.step,
    action: step.action,
    try: triesOf(attempt) + 1,
    started: turn.now,
    ended: undefined,
    result: undefined,
    verified: undefined,
    did: [],
    trouble: undefined,
    code: undefined,
  });
  turn.effects.push({
    type: 'run',
    target,
    purpose: { kind: 'attempt', attempt: attempt.id },
    step,
    reason: attempt.reason,
    tracked: targetOf(turn, target).tracked,
    owner: targetOf(turn, target).owner,
    ...(attempt.manual ? { asked: true } : {}),
  });
}

/** A step or its verification failed: it is tried again after its backoff, or the next one follows, or it is over. */
export function stepFailed(turn: Turn, target: TargetId): void {
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return;
  const playbook = isRefused(turn, target) ? undefined : playbookOf(turn, target, attempt);
  const step = playbook?.steps[attempt.step];
  if (playbook === undefined || step === undefined) return endAttempt(turn, target, 'not-recovered');
  // What the host was asked before may have changed by what was done, and nobody waits for a start any more.
  setTarget(turn, target, { starting: undefined, survey: undefined });
  const reason = reasonOf(turn, target);
  if (isAnswering(turn, target)) return endAttempt(turn, target, 'not-recovered');
  const tries = triesOf(attempt);
  if (tries <= step.retries && whyInVain(turn, target, reason, step) === undefined)
    return planStep(turn, target, attempt.step, backoffBefore(step, tries));
  const next = nextStep(turn, playbook.steps, attempt.step + 1, attempt.class);
  const nextOne = playbook.steps[next];
  if (nextOne === undefined || whyInVain(turn, target, reason, nextOne) !== undefined)
    return endAttempt(turn, target, 'not-recovered');
  planStep(turn, target, next, 0);
}

/** A step that only prepares is done: the next one follows at once. False when it was the last that fits. */
export function goOn(turn: Turn, target: TargetId, attempt: Attempt): boolean {
  const playbook = playbookOf(turn, target, attempt);
  const next = playbook === undefined ? -1 : nextStep(turn, playbook.steps, attempt.step + 1, attempt.class);
  if (next >= 0) planStep(turn, target, next, 0);
  return next >= 0;
}

/** What comes next is written down, so that a crash of the daemon neither loses nor doubles it. */
function planStep(turn: Turn, target: TargetId, step: number, afterMs: number): void {
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return;
  const retryAt = turn.now.steady + afterMs;
  if (isTooLate(attempt, retryAt)) return endTooLate(turn, target, attempt);
  // The daemon is about to end: what has a time is left to the next one.
  if (afterMs === 0 && turn.stopping === true) return endAttempt(turn, target, 'interrupted');
  patchAttempt(turn, target, { phase: 'waiting', step, retryAt, verifyBy: undefined, goods: [] });
  if (afterMs > 0) note(turn, target, 'retry-planned', `It is tried again in ${sayDuration(afterMs)}`);
}

/** No step and no retry begins after the time objective of the whole run. */
export function isTooLate({ slo }: Attempt, steady: number): boolean {
  return slo !== undefined && steady >= slo;
}

export function endTooLate(turn: Turn, target: TargetId, attempt: Attempt): void {
  const ms = (attempt.slo ?? 0) - attempt.started.steady;
  note(turn, target, 'slo-missed', `Its time objective of ${sayDuration(ms)} leaves no time for another try or step`);
  endAttempt(turn, target, 'not-recovered');
}
