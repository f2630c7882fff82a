import { nextStep } from './choose.ts';
import { backoffBefore, playbookOf } from './ladder.ts';
import type { Playbook, Step } from './plan.ts';
import { proofOf } from './proof.ts';
import { runningAttempt, triesOf } from './running.ts';
import type { Attempt } from './state.ts';
import type { StepResult } from './step-result.ts';
import { planOf, type Turn, targetOf, wallOf } from './turn.ts';
import type { TargetId } from './types.ts';
import { sayDuration } from './units.ts';
import { sayAction, sayProof } from './words.ts';

/** The recovery under way. Times are wall time; `step`, `of`, `try` and `tries` count from 1. */
export type RecoveryView = {
  readonly attempt: string;
  readonly playbook: string;
  /** What kind of trouble it was when it began, and by what that was seen. */
  readonly class: string;
  readonly because: readonly string[];
  readonly action: string;
  readonly step: number;
  readonly of: number;
  readonly try: number;
  readonly tries: number;
  readonly phase: 'acting' | 'verifying' | 'waiting';
  /** "good looks of all its checks", "the time of its next try". */
  readonly waitsFor: string;
  readonly until?: number;
  /** What follows when this does not help. */
  readonly next?: string;
};

/** What became of one try of one step; `step` and `try` count from 1. */
export type TryView = {
  readonly step: number;
  readonly try: number;
  readonly action: string;
  readonly at: number;
  readonly endedAt?: number;
  readonly result?: string;
  readonly verified?: boolean;
  readonly did: readonly string[];
  readonly trouble?: string;
};

export function viewTry(one: StepResult): TryView {
  return {
    step: one.step + 1,
    try: one.try,
    action: sayAction(one.action),
    at: one.started.at,
    did: one.did,
    ...(one.ended === undefined ? {} : { endedAt: one.ended.at }),
    ...(one.result === undefined ? {} : { result: one.result }),
    ...(one.verified === undefined ? {} : { verified: one.verified }),
    ...(one.trouble === undefined ? {} : { trouble: one.trouble }),
  };
}

/** `Step 1 of 2, try 2 of 3: restart it. It waits for the time of its next try`; what is single is not counted. */
export function sayRecovery(view: RecoveryView): string {
  const step = view.of > 1 ? `step ${view.step} of ${view.of}` : '';
  const tries = view.tries > 1 ? `try ${view.try} of ${view.tries}` : '';
  const where = [step, tries].filter((part) => part !== '').join(', ');
  return `${where === '' ? '' : `${where}: `}${view.action}; it waits for ${view.waitsFor}`;
}

/** The recovery under way: where it stands, what it waits for and until when, and what comes next. */
export function viewRecovery(turn: Turn, target: TargetId): RecoveryView | undefined {
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return undefined;
  const playbook = playbookOf(turn, target, attempt);
  const step = playbook?.steps[attempt.step];
  const fitting = (playbook?.steps ?? []).filter((one) => one.recovers && (one.when?.includes(attempt.class) ?? true));
  const place = step === undefined ? -1 : fitting.indexOf(step);
  const tried = triesOf(attempt);
  const until = untilOf(turn, target, attempt, step);
  const next = playbook === undefined || step === undefined ? undefined : afterwards(turn, attempt, playbook, step);
  return {
    attempt: attempt.id,
    playbook: attempt.playbook,
    class: attempt.class,
    because: attempt.because,
    action: sayAction(step?.action ?? attempt.steps.at(-1)?.action ?? attempt.playbook),
    step: place < 0 ? attempt.step + 1 : place + 1,
    of: Math.max(fitting.length, place + 1, 1),
    try: attempt.phase === 'waiting' ? tried + 1 : Math.max(1, tried),
    tries: (step?.retries ?? 0) + 1,
    phase: attempt.phase === 'ended' ? 'verifying' : attempt.phase,
    waitsFor: waitsFor(turn, target, attempt, step),
    ...(until === undefined ? {} : { until: wallOf(turn.now, until) }),
    ...(next === undefined ? {} : { next }),
  };
}

function untilOf(turn: Turn, target: TargetId, attempt: Attempt, step: Step | undefined): number | undefined {
  switch (attempt.phase) {
    case 'acting': {
      const started = attempt.steps.at(-1)?.started.steady ?? attempt.started.steady;
      return step === undefined ? undefined : started + step.timeoutMs;
    }
    case 'verifying': {
      const start = targetOf(turn, target).starting?.until;
      const isBounded = start === undefined || proofOf(turn, target, attempt).withinMs !== undefined;
      return Math.max(start ?? 0, isBounded ? (attempt.verifyBy ?? 0) : 0);
    }
    case 'waiting':
      return attempt.retryAt !== undefined && attempt.retryAt > turn.now.steady ? attempt.retryAt : undefined;
    case 'ended':
      return undefined;
  }
}

function waitsFor(turn: Turn, target: TargetId, attempt: Attempt, step: Step | undefined): string {
  if (attempt.phase === 'acting') return 'its action to end';
  if (attempt.phase === 'verifying') return sayProof(proofOf(turn, target, attempt), planOf(turn, target).kind);
  const ruling = targetOf(turn, target).rulings[0];
  const isDue = attempt.retryAt !== undefined && attempt.retryAt <= turn.now.steady;
  if (isDue && ruling?.code === 'retry-waits') return ruling.text;
  return triesOf(attempt) > 0 || (step?.retries ?? 0) > 0 ? 'the time of its next try' : 'its next step';
}

/** What follows when the present try does not help. */
function afterwards(turn: Turn, attempt: Attempt, playbook: Playbook, step: Step): string {
  const tried = attempt.phase === 'waiting' ? triesOf(attempt) + 1 : Math.max(1, triesOf(attempt));
  if (tried <= step.retries)
    return `try ${tried + 1} of ${step.retries + 1} after ${sayDuration(backoffBefore(step, tried))}`;
  const next = playbook.steps[nextStep(turn, playbook.steps, attempt.step + 1, attempt.class)];
  return next === undefined ? 'the attempt is over' : sayAction(next.action);
}
