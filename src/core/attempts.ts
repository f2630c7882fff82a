import { nextStep } from './choose.ts';
import { attemptsThisHour, countForHost, kept } from './counted.ts';
import { countReplaced } from './ends.ts';
import type { StepOutcome } from './events.ts';
import { forbidsNextStep } from './gate.ts';
import { looksSince, wellSince } from './health.ts';
import { giveUp, note, setPhase } from './incident.ts';
import { mayStart } from './limits.ts';
import { type Playbook, playbookNamed, type Step } from './plan.ts';
import { forgetRefused, isRefused, refuse } from './refused.ts';
import { beginStarting, learnStart } from './starting.ts';
import type { Attempt } from './state.ts';
import { troubleOf } from './trouble.ts';
import { followProcess, incidentOf, planOf, rule, setTarget, type Turn, targetOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';
import { sayAction } from './words.ts';

/** Exit status of a refused configuration (sysexits(3) EX_CONFIG): looping on it is harm. */
export const REFUSED_CONFIG_EXIT = 78;

export function runningAttempt(turn: Turn, target: TargetId): Attempt | undefined {
  const last = targetOf(turn, target).attempts.at(-1);
  return last !== undefined && last.phase !== 'ended' ? last : undefined;
}

/** Writes the attempt down and asks for its first step. The caller has asked the gate. `asked`: a person wanted it. */
export function startAttempt(
  turn: Turn,
  target: TargetId,
  playbook: Playbook,
  step: number,
  reason: Reason,
  asked?: { by: string },
): void {
  const manual = asked !== undefined;
  const id = String(turn.state.lastAttempt + 1);
  const attempt: Attempt = {
    id,
    incident: incidentOf(turn, target)?.id,
    playbook: playbook.name,
    reason,
    manual,
    started: turn.now,
    step,
    phase: 'acting',
    stepEnded: undefined,
    verifyBy: undefined,
    ended: undefined,
    outcome: undefined,
    did: [],
    trouble: undefined,
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
  const text = `${which}: ${sayAction(playbook.steps[step]?.action ?? playbook.name)}`;
  note(turn, target, 'attempt-started', text, undefined, asked?.by);
  rule(turn, target, 'attempt-started', text);
  runStep(turn, target, playbook.steps[step], attempt);
}

function runStep(turn: Turn, target: TargetId, step: Step | undefined, attempt: Attempt): void {
  if (step === undefined) return;
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

function patchAttempt(turn: Turn, target: TargetId, patch: Partial<Attempt>): void {
  const { attempts } = targetOf(turn, target);
  const last = attempts.at(-1);
  if (last !== undefined) setTarget(turn, target, { attempts: [...attempts.slice(0, -1), { ...last, ...patch }] });
}

/** An action came back. Whether it helped is not its to say: only looks begun from now on verify it. */
export function attemptStepped(turn: Turn, target: TargetId, attempt: Attempt, outcome: StepOutcome): void {
  patchAttempt(turn, target, {
    did: [...attempt.did, ...outcome.did],
    stepEnded: turn.now,
    trouble: outcome.trouble?.message,
  });
  for (const line of outcome.did) note(turn, target, 'did', line);
  switch (outcome.outcome) {
    case 'done':
    case 'nothing':
      return awaitProof(turn, target, outcome);
    case 'refused':
      note(turn, target, 'refused', outcome.trouble?.message ?? 'a safety rule forbids it', outcome.trouble?.hint);
      return endAttempt(turn, target, 'refused');
    case 'failed':
      note(turn, target, 'step-failed', outcome.trouble?.message ?? 'the action failed', outcome.trouble?.hint);
      if (outcome.exitCode === REFUSED_CONFIG_EXIT) refuse(turn, target);
      return nextOrEnd(turn, target);
  }
}

function awaitProof(turn: Turn, target: TargetId, outcome: StepOutcome): void {
  const plan = planOf(turn, target);
  if (plan.kind === 'service') {
    beginStarting(turn, target);
    if (outcome.outcome === 'done') {
      countReplaced(turn, target, outcome.process);
      followProcess(turn, target, outcome.process);
      setTarget(turn, target, { shortLives: undefined });
    }
  }
  const verifyBy = turn.now.steady + plan.cadenceMs + 60_000;
  patchAttempt(turn, target, { phase: 'verifying', verifyBy });
}

/** Asked after every look and every second while an attempt awaits its proof. */
export function verifyAttempt(turn: Turn, target: TargetId, attempt: Attempt): void {
  if (attempt.phase !== 'verifying' || attempt.stepEnded === undefined) return;
  const since = attempt.stepEnded.steady;
  if (wellSince(turn, target, since)) {
    learnStart(turn, target);
    const tookMs = turn.now.steady - attempt.started.steady;
    note(turn, target, 'attempt-helped', `Attempt helped after ${seconds(tookMs)}`, attempt.did.join(' '));
    return finish(turn, target, 'recovered');
  }
  const failure = refuted(turn, target, attempt, since);
  if (failure === undefined) return;
  note(turn, target, 'not-verified', failure, lastWords(turn, target));
  nextOrEnd(turn, target);
}

/** Why the step certainly did not help, or `undefined` while that is open. */
function refuted(turn: Turn, target: TargetId, attempt: Attempt, since: number): string | undefined {
  const plan = planOf(turn, target);
  const looks = looksSince(turn, target, since);
  if (plan.kind !== 'service') {
    const complete = looks.length > 0 && looks.every((look) => look.status !== 'unknown');
    const left = looks.find((look) => (look.status !== 'ok' && look.status !== 'idle') || look.clear === false);
    if (complete && left !== undefined) return `It did not help: ${left.message}`;
    return turn.now.steady >= (attempt.verifyBy ?? 0) ? 'It could not be seen whether it helped' : undefined;
  }
  const gone = looks.find((look) => look.reason === 'gone' && look.evidence === 'definite');
  if (gone !== undefined) return `It was started and ended again: ${gone.message}`;
  const { starting } = targetOf(turn, target);
  if (starting !== undefined && turn.now.steady < starting.until) return undefined;
  const bad = looks.find((look) => look.status !== 'ok' && look.status !== 'idle');
  return `It was not well within ${seconds(turn.now.steady - since)}${bad === undefined ? '' : `: ${bad.message}`}`;
}

function lastWords(turn: Turn, target: TargetId): string | undefined {
  return targetOf(turn, target).lastExit?.lastLines.join('\n');
}

/** The ladder: the next step runs only because the verification of the one before failed. */
function nextOrEnd(turn: Turn, target: TargetId): void {
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return;
  const playbook = playbookNamed(planOf(turn, target), attempt.playbook);
  const refusedConfig = isRefused(turn, target);
  const next =
    playbook === undefined || refusedConfig
      ? -1
      : nextStep(turn, playbook.steps, attempt.step + 1, troubleOf(turn, target, attempt.reason).class, false);
  if (playbook === undefined || next < 0) return endAttempt(turn, target, 'not-recovered');
  if (turn.stopping === true) return endAttempt(turn, target, 'interrupted');
  const forbidden = forbidsNextStep(turn, target, attempt);
  if (forbidden !== undefined) {
    note(turn, target, 'held', `The next step is not run: ${forbidden}`);
    return endAttempt(turn, target, 'stopped');
  }
  patchAttempt(turn, target, { step: next, phase: 'acting', stepEnded: undefined, verifyBy: undefined });
  note(turn, target, 'next-step', `Next step: ${sayAction(playbook.steps[next]?.action ?? '')}`);
  runStep(turn, target, playbook.steps[next], attempt);
}

export function endAttempt(
  turn: Turn,
  target: TargetId,
  outcome: 'not-recovered' | 'refused' | 'interrupted' | 'stopped',
): void {
  finish(turn, target, outcome);
  if (incidentOf(turn, target)?.stopped !== undefined) return setPhase(turn, target, 'suppressed');
  const spent = !mayStart(limitQuestion(turn, target), turn.now.steady + planOf(turn, target).policy.cooldownMs).ok;
  const refusedConfig = isRefused(turn, target);
  if (refusedConfig)
    return giveUp(turn, target, 'It refuses its configuration; not tried again until the config changes');
  if (outcome === 'refused' || spent) return giveUp(turn, target, 'Recovery has failed; it needs a person');
  setPhase(turn, target, incidentOf(turn, target)?.gaveUp === true ? 'failed' : 'detected');
}

function limitQuestion(turn: Turn, target: TargetId): Parameters<typeof mayStart>[0] {
  const { attempts, forgottenAt } = targetOf(turn, target);
  const host = { ...turn.state.host, breakerUntil: undefined };
  return {
    attempts,
    forgottenAt,
    host,
    policy: planOf(turn, target).policy,
    limits: turn.plan.limits,
    failed: false,
    manual: false,
    running: 0,
  };
}

function finish(turn: Turn, target: TargetId, outcome: NonNullable<Attempt['outcome']>): void {
  patchAttempt(turn, target, { phase: 'ended', ended: turn.now, outcome });
  // The next attempt asks the host anew whether something forbids it.
  setTarget(turn, target, { starting: undefined, survey: undefined });
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
