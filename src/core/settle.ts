import { tell } from './alerting.ts';
import { isAsked, isSurveyed, surveyAgain } from './ask-host.ts';
import { startAttempt } from './attempts.ts';
import { awaitRetry } from './await-retry.ts';
import { advanceBringUp } from './bring-up.ts';
import { capital } from './capital.ts';
import { clockTime } from './clock-time.ts';
import { isFlapping, remember } from './flapping.ts';
import { type Gate, gate, LEFT_IN_PEACE, LOOK_AGAIN } from './gate.ts';
import { badSince, beliefOf, isSeenWell, isWell, reasonOf, wellSince } from './health.ts';
import { isBringingUp } from './holds.ts';
import { closeIncident, forgetWork, giveUp, note, openIncident, setPhase } from './incident.ts';
import { classifyIncident } from './incident-class.ts';
import { proofOf, verifyAttempt } from './proof.ts';
import { forgetRefused } from './refused.ts';
import { tellResolved } from './resolved.ts';
import { attemptAtWork, patchAttempt, runningAttempt } from './running.ts';
import { learnStart } from './starting.ts';
import type { Incident } from './state.ts';
import {
  checkOf,
  checksOf,
  incidentOf,
  planOf,
  rule,
  setCheck,
  setIncident,
  setTarget,
  type Turn,
  targetOf,
} from './turn.ts';
import type { Status, TargetId } from './types.ts';
import { confirm, isBad } from './verdict.ts';

/**
 * Brings one target's story up to date with what is believed now: starting, bring-up, verification, incident,
 * recovery, alerts. Asked after every event that concerns the target and once a second; asking twice changes nothing.
 */
export function settle(turn: Turn, target: TargetId): void {
  settleStarting(turn, target);
  settleSilence(turn, target);
  if (isBringingUp(targetOf(turn, target).bringUp)) {
    advanceBringUp(turn, target);
    if (isBringingUp(targetOf(turn, target).bringUp)) return lookSoon(turn, target);
  }
  const attempt = runningAttempt(turn, target);
  if (attempt !== undefined) verifyAttempt(turn, target, attempt);
  const waiting = runningAttempt(turn, target);
  if (waiting !== undefined) awaitRetry(turn, target, waiting);
  const belief = settleBelief(turn, target);
  settleIncident(turn, target, belief);
  if (incidentOf(turn, target) !== undefined && runningAttempt(turn, target) === undefined)
    consider(turn, target, belief);
  lookSoon(turn, target);
  tell(turn, target);
}

/** Nothing here waits for time to pass: well, at rest, no strike, no attempt or change that has yet to be forgotten. */
export function isQuiet(turn: Turn, target: TargetId): boolean {
  const { belief, incident, starting, bringUp, attempts, forgottenAt, hardStates, hostHolds } = targetOf(turn, target);
  const last = attempts.at(-1);
  if (belief !== 'ok' || incident !== undefined || starting !== undefined || bringUp.phase !== 'done') return false;
  if (last !== undefined && (forgottenAt ?? -1) < last.started.steady) return false;
  if (hostHolds.length > 0) return false;
  if (hardStates.some((state) => state !== hardStates[0])) return false;
  return checksOf(turn.plan, target).every((id) => checkOf(turn, id).strikes === 0);
}

/** A start ends with the first good look, or when its grace is over: from then on looks count again. */
function settleStarting(turn: Turn, target: TargetId): void {
  const { starting, bringUp } = targetOf(turn, target);
  if (starting === undefined || attemptAtWork(turn, target) !== undefined || isBringingUp(bringUp)) return;
  if (wellSince(turn, target, starting.since.steady)) return learnStart(turn, target);
  if (turn.now.steady < starting.until) return;
  setTarget(turn, target, { starting: undefined });
  rule(turn, target, 'start-too-long', 'it has been starting for longer than its grace; looks count again');
}

/** Silence and over-limit become belief by lasting, not only by the next look. */
function settleSilence(turn: Turn, target: TargetId): void {
  for (const id of checksOf(turn.plan, target)) {
    const plan = turn.plan.checks[id];
    const look = turn.latest[id];
    if (plan !== undefined && look !== undefined) setCheck(turn, id, confirm(checkOf(turn, id), look, plan, turn.now));
  }
}

function settleBelief(turn: Turn, target: TargetId): Status {
  const belief = beliefOf(turn, target);
  const before = targetOf(turn, target);
  const changed = belief !== before.belief;
  if (changed)
    setTarget(turn, target, {
      belief,
      since: belief === 'ok' || belief === 'idle' ? turn.now : badSince(turn, target),
    });
  settleFlapping(turn, target, belief, changed);
  const healthy = isWell(turn, target) ? (before.healthySince ?? turn.now) : undefined;
  setTarget(turn, target, { healthySince: healthy });
  const last = before.attempts.at(-1);
  const forget = planOf(turn, target).policy.forgetAfterMs;
  if (
    healthy !== undefined &&
    last !== undefined &&
    turn.now.steady - healthy.steady >= forget &&
    (before.forgottenAt ?? -1) < last.started.steady
  ) {
    setTarget(turn, target, { forgottenAt: turn.now.steady });
  }
  if (belief === 'ok' && before.bringUp.phase === 'gave-up')
    setTarget(turn, target, { bringUp: { ...before.bringUp, phase: 'done', tries: 0 } });
  return belief;
}

function settleFlapping(turn: Turn, target: TargetId, belief: Status, changed: boolean): void {
  const { hardStates, hardStateAt, flappingSince } = targetOf(turn, target);
  if (!changed && turn.now.steady - hardStateAt < planOf(turn, target).cadenceMs) return;
  if (belief === 'idle') return;
  const states = remember(hardStates, isBad(belief) ? 1 : 0);
  if (states === hardStates) return;
  const flaps = isFlapping(states, flappingSince !== undefined);
  const since = flaps ? (flappingSince ?? turn.now.steady) : undefined;
  if (flaps && flappingSince === undefined)
    rule(turn, target, 'flapping', 'it flaps between good and bad; alerts are damped to one');
  setTarget(turn, target, { hardStates: states, hardStateAt: turn.now.steady, flappingSince: since });
}

function settleIncident(turn: Turn, target: TargetId, belief: Status): void {
  const incident = incidentOf(turn, target);
  if (isBad(belief) || belief === 'unknown') {
    const severity = belief === 'critical' ? 'critical' : 'warning';
    // A healthy service that is restarted by hand is gone for a moment because somebody wished it.
    if (incident === undefined && attemptAtWork(turn, target) !== undefined) return;
    if (incident === undefined) {
      const opened = openIncident(turn, target, {
        severity,
        reason: reasonOf(turn, target),
        started: badSince(turn, target),
      });
      classifyIncident(turn, target);
      if (runningAttempt(turn, target) !== undefined) joinIncident(turn, target, opened.id);
    } else follow(turn, target, incident, severity);
    return;
  }
  if (incident === undefined) return forgetOldWork(turn, target);
  // An attempt under way says itself whether it helped; and what is believed well is not seen to be so by every check.
  if (runningAttempt(turn, target) !== undefined || !isSeenWell(turn, target)) return;
  const closed = closeIncident(turn, target);
  forgetRefused(turn, target);
  if (closed !== undefined) tellResolved(turn, target, closed);
}

/** What was asked for on a whim has broken it, and is tried again: from now on it is for this trouble. */
function joinIncident(turn: Turn, target: TargetId, incident: string): void {
  patchAttempt(turn, target, { incident });
  setPhase(turn, target, 'recovering');
}

/** A person's wish had the host surveyed; nothing is to be done any more. */
function forgetOldWork(turn: Turn, target: TargetId): void {
  const { survey } = targetOf(turn, target);
  if (survey === undefined || turn.now.steady - survey.askedAt.steady >= OLD_SURVEY_MS) forgetWork(turn, target);
}

const OLD_SURVEY_MS = 10_000;

/** An open incident follows its trouble: it may get worse, or turn out to be of another kind. */
function follow(turn: Turn, target: TargetId, incident: Incident, severity: 'warning' | 'critical'): void {
  if (severity === 'critical' && incident.severity === 'warning') {
    setIncident(turn, incident.id, { severity });
    note(turn, target, 'escalated', `${target} got worse`);
  }
  // While a service is ended and started it refuses and is gone: that is our doing and not a new kind of trouble.
  if (runningAttempt(turn, target) !== undefined) return;
  const reason = reasonOf(turn, target);
  if (reason !== incident.reason) setIncident(turn, incident.id, { reason });
  classifyIncident(turn, target);
}

/** Decides whether to act now, and says why or why not. */
function consider(turn: Turn, target: TargetId, belief: Status): void {
  // Neither well nor in trouble: the next looks decide.
  if (belief === 'ok' || belief === 'idle') return;
  inform(turn, target);
  const incident = incidentOf(turn, target);
  if (incident === undefined) return;
  surveyAgain(turn, target);
  const reason = reasonOf(turn, target);
  if (reason === 'foreign') giveUp(turn, target, 'Its port is held by another program; a person must decide');
  const answer = gate(turn, target, reason);
  if (!answer.go && answer.code === LOOK_AGAIN)
    turn.effects.push({ type: 'look', checks: checksOf(turn.plan, target), afterMs: 0 });
  if (!answer.go && answer.code.startsWith('limit-') && !isAsked(turn, target)) return;
  if (!answer.go) return explainWait(turn, target, incident, answer);
  if (!isSurveyed(turn, target)) return;
  startAttempt(turn, target, answer, { reason, classified: answer.classified });
}

function explainWait(turn: Turn, target: TargetId, incident: Incident, answer: Extract<Gate, { go: false }>): void {
  const until = answer.until === undefined ? '' : `, until ${clockTime(answer.until, true)}`;
  rule(turn, target, answer.code, `Not acted upon: ${answer.text}`, answer.until);
  if (answer.kind === 'exhausted') return giveUp(turn, target, `Recovery has failed: ${answer.text}`);
  const isLeft = answer.code === LEFT_IN_PEACE;
  const phase = answer.kind === 'hold' ? 'suppressed' : incident.gaveUp || isLeft ? 'failed' : 'detected';
  if (incident.phase === phase) return;
  setPhase(turn, target, phase);
  if (isLeft) note(turn, target, LEFT_IN_PEACE, `${capital(answer.text)}${until}`);
  if (phase === 'suppressed') note(turn, target, 'held', `Held: ${answer.text}${until}`);
}

/** Reports are made once per incident, and only where a person would want them. */
function inform(turn: Turn, target: TargetId): void {
  const incident = incidentOf(turn, target);
  const [step] = planOf(turn, target).playbooks.flatMap(({ steps }) => steps.filter((one) => !one.recovers));
  if (incident === undefined || incident.informed || step === undefined || turn.stopping === true) return;
  setIncident(turn, incident.id, { informed: true });
  const { tracked } = targetOf(turn, target);
  turn.effects.push({ type: 'run', target, purpose: { kind: 'inform' }, step, reason: incident.reason, tracked });
}

/** While a start awaits its proof, looks come soon: a twentieth of the time it has taken, 50 ms to 1 s, or as its step asks for. */
function lookSoon(turn: Turn, target: TargetId): void {
  const since = awaitsProofSince(turn, target);
  if (since === undefined) return;
  const attempt = attemptAtWork(turn, target);
  const everyMs = attempt === undefined ? undefined : proofOf(turn, target, attempt).everyMs;
  const afterMs = everyMs ?? Math.min(1_000, Math.max(50, (turn.now.steady - since) / 20));
  turn.effects.push({ type: 'look', checks: checksOf(turn.plan, target), afterMs });
}

function awaitsProofSince(turn: Turn, target: TargetId): number | undefined {
  const { bringUp } = targetOf(turn, target);
  if (bringUp.phase === 'verifying') return bringUp.at;
  const attempt = runningAttempt(turn, target);
  return attempt?.phase === 'verifying' ? attempt.stepEnded?.steady : undefined;
}
