import type { Chosen } from './choose.ts';
import type { Classified } from './classify.ts';
import { sameProcess } from './command-line.ts';
import { attemptsThisHour, countForHost, kept } from './counted.ts';
import { endAttempt } from './end-attempt.ts';
import { countReplaced } from './ends.ts';
import type { StepOutcome } from './events.ts';
import { note, setPhase } from './incident.ts';
import { goOn, playbookOf, runStep, stepFailed } from './ladder.ts';
import { verifyUntil } from './proof.ts';
import { forgetRefused } from './refused.ts';
import { patchAttempt, patchResult, runningAttempt } from './running.ts';
import { beginStarting } from './starting.ts';
import type { Attempt } from './state.ts';
import { followProcess, incidentOf, planOf, rule, setTarget, type Turn, targetOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';
import { sayAction } from './words.ts';

export type Why = { readonly reason: Reason; readonly classified: Classified };

/** Writes the attempt down and asks for its first step. The caller has asked the gate. `asked`: a person wanted it. */
export function startAttempt(
  turn: Turn,
  target: TargetId,
  { playbook, step: index }: Chosen,
  { reason, classified }: Why,
  asked?: { readonly by: string; readonly force: boolean },
): void {
  const step = playbook.steps[index];
  if (step === undefined) return;
  const manual = asked !== undefined;
  const attempt: Attempt = {
    id: String(turn.state.lastAttempt + 1),
    incident: incidentOf(turn, target)?.id,
    playbook: playbook.name,
    reason,
    manual,
    started: turn.now,
    class: classified.class,
    because: classified.because,
    forced: asked?.force === true,
    slo: turn.now.steady + playbook.sloMs,
    step: index,
    phase: 'acting',
    retryAt: undefined,
    stepEnded: undefined,
    verifyBy: undefined,
    ended: undefined,
    outcome: undefined,
    did: [],
    trouble: undefined,
    steps: [],
    goods: [],
  };
  turn.state = { ...turn.state, lastAttempt: turn.state.lastAttempt + 1 };
  setTarget(turn, target, { attempts: kept([...targetOf(turn, target).attempts, attempt], turn.now.steady) });
  forgetRefused(turn, target);
  setPhase(turn, target, 'recovering');
  // Cleaning and rotating is routine: however much of it there is, it says nothing of the host.
  if (!manual && planOf(turn, target).kind === 'service') countForHost(turn);
  const which = manual
    ? 'A recovery asked for by hand'
    : `Attempt ${attemptsThisHour(turn, target)} of ${planOf(turn, target).policy.maxAttemptsPerHour}`;
  const text = `${which}: ${sayAction(step.action)}`;
  const why = `Playbook ${playbook.name}, class "${classified.class}": ${classified.because.join('; ')}`;
  note(turn, target, 'attempt-started', text, why, asked?.by);
  rule(turn, target, 'attempt-started', text);
  runStep(turn, target, step, attempt);
}

/** An action came back. Whether it helped is not its to say: only looks begun from now on verify it. */
export function attemptStepped(turn: Turn, target: TargetId, attempt: Attempt, outcome: StepOutcome): void {
  const { did, trouble } = outcome;
  patchAttempt(turn, target, { did: [...attempt.did, ...did], stepEnded: turn.now, trouble: trouble?.message });
  const code = trouble?.code;
  patchResult(turn, target, { ended: turn.now, result: outcome.outcome, did, trouble: trouble?.message, code });
  for (const line of did) note(turn, target, 'did', line);
  switch (outcome.outcome) {
    case 'done':
    case 'nothing':
      return stepDone(turn, target, outcome);
    case 'refused':
      note(turn, target, 'refused', trouble?.message ?? 'a safety rule forbids it', trouble?.hint);
      return endAttempt(turn, target, 'refused');
    case 'failed':
      note(turn, target, 'step-failed', trouble?.message ?? 'the action failed', trouble?.hint);
      return stepFailed(turn, target);
  }
}

/** What was done to the process is taken note of; then the next step follows at once, or the looks decide. */
function stepDone(turn: Turn, target: TargetId, outcome: StepOutcome): void {
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return;
  const { tracked } = targetOf(turn, target);
  const isSame = tracked !== undefined && outcome.process !== undefined && sameProcess(tracked, outcome.process);
  // An action that names the process that was there before has left it alone: nothing ended, and no start is awaited.
  const isStart = planOf(turn, target).kind === 'service' && !isSame;
  if (isStart && outcome.outcome === 'done') {
    countReplaced(turn, target, outcome.process);
    followProcess(turn, target, outcome.process);
    setTarget(turn, target, { shortLives: undefined });
  }
  const verify = playbookOf(turn, target, attempt)?.steps[attempt.step]?.verify;
  if (verify === 'none' && goOn(turn, target, attempt)) return;
  if (isStart) beginStarting(turn, target);
  patchAttempt(turn, target, { phase: 'verifying', verifyBy: verifyUntil(turn, target, attempt), goods: [] });
}
