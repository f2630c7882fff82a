import { isSurveyed, surveyAgain } from './ask-host.ts';
import { chosenPlaybook } from './choose.ts';
import { patienceOf } from './ends.ts';
import type { StepOutcome } from './events.ts';
import { nothingToDo, PATIENCE } from './gate.ts';
import { isDown, isFresh, looksSince, wellSince } from './health.ts';
import { holdsOf, isWorkOverdue, untilAt } from './holds.ts';
import { DAMAGED, isDamaged, whyInVain } from './left-alone.ts';
import { forgetRefused, isRefused } from './refused.ts';
import { beginStarting, learnStart } from './starting.ts';
import type { BringUp } from './state.ts';
import {
  audit,
  checkOf,
  checksOf,
  followProcess,
  incidentOf,
  looksOf,
  planOf,
  rule,
  setCheck,
  setTarget,
  type Turn,
  targetOf,
} from './turn.ts';
import type { TargetId } from './types.ts';
import { sayDuration } from './units.ts';
import { isBad } from './verdict.ts';

/**
 * Starting what is down when the daemon starts, or when a service joins the config. It is no attempt: three tries
 * with backoff, outside cooldown and breaker; one that succeeds leaves no trace in the limits (DESIGN §5.6).
 */
export function advanceBringUp(turn: Turn, target: TargetId): void {
  const { bringUp } = targetOf(turn, target);
  switch (bringUp.phase) {
    case 'pending':
      return begin(turn, target);
    case 'waiting':
      if (wellSince(turn, target, bringUp.at - 1) || turn.now.steady >= bringUp.at) begin(turn, target);
      return;
    case 'acting':
    case 'done':
    case 'gave-up':
      return;
    case 'verifying':
      return verify(turn, target, bringUp);
  }
}

function begin(turn: Turn, target: TargetId): void {
  const looks = looksOf(turn, target);
  if (looks.length < checksOf(turn.plan, target).length) return;
  if (!isDown(looks) || mayNotAct(turn, target)) return setBringUp(turn, target, { phase: 'done' });
  const hold = holdsOf(turn, target).find((one) => one.kind !== 'quiet');
  surveyAgain(turn, target);
  // Attempts wait for a hold as well, and an open trouble must go on being told.
  if (hold !== undefined && incidentOf(turn, target) !== undefined) return setBringUp(turn, target, { phase: 'done' });
  if (hold !== undefined)
    return rule(turn, target, `hold-${hold.kind}`, `not brought up yet: ${hold.text}`, untilAt(turn, hold));
  // A hold at its cap becomes an alert, and alerts are about incidents: from here on it is one.
  if (isWorkOverdue(turn, target)) return failed(turn, target, 'work on it has held it for as long as work may', true);
  if (turn.stopping === true || !isSurveyed(turn, target)) return;
  if (isRefused(turn, target)) return failed(turn, target, 'it refused its configuration (exit 78)', true);
  // Its last words may be of a life before this one: only an open trouble knows that they are not mended.
  if (incidentOf(turn, target) !== undefined && isDamaged(turn, target, 'absent'))
    return failed(turn, target, DAMAGED, true);
  if (patienceOf(turn, target, 'absent') !== undefined) return failed(turn, target, PATIENCE, true);
  // A hold may have lasted longer than the rhythm of a look. What is idle is told seldom; what is bad, at every look.
  const old = looks.filter((look) => isBad(look.status) && !isFresh(turn, look)).map((look) => look.check);
  if (old.length > 0) return void turn.effects.push({ type: 'look', checks: old, afterMs: 0 });
  if (startingNow(turn) >= turn.plan.limits.maxConcurrent) return;
  const { tries } = targetOf(turn, target).bringUp;
  // A daemon that ends during every try is no way around their number.
  if (tries >= planOf(turn, target).policy.bringUpTries)
    return failed(turn, target, 'the daemon ended during its tries', true);
  act(turn, target);
}

function mayNotAct(turn: Turn, target: TargetId): boolean {
  const plan = planOf(turn, target);
  return turn.plan.mode === 'observe' || plan.mode === 'observe' || nothingToDo(turn, target) !== undefined;
}

function startingNow(turn: Turn): number {
  return Object.values(turn.state.targets).filter((target) => target.bringUp.phase === 'acting').length;
}

function act(turn: Turn, target: TargetId): void {
  const chosen = chosenPlaybook(turn, target, 'not-running');
  const { tries } = targetOf(turn, target).bringUp;
  const step = chosen?.playbook.steps[chosen.step];
  if (step === undefined) return setBringUp(turn, target, { phase: 'done' });
  setBringUp(turn, target, { phase: 'acting', tries: tries + 1, at: turn.now.steady });
  forgetRefused(turn, target);
  const text = `It is down and is brought up (try ${tries + 1} of ${planOf(turn, target).policy.bringUpTries})`;
  rule(turn, target, 'bringing-up', text);
  audit(turn, { event: 'bringing-up', target, incident: undefined, text });
  turn.effects.push({
    type: 'run',
    target,
    purpose: { kind: 'bring-up' },
    step,
    reason: 'absent',
    tracked: targetOf(turn, target).tracked,
    owner: targetOf(turn, target).owner,
  });
}

export function bringUpStepped(turn: Turn, target: TargetId, outcome: StepOutcome): void {
  if (targetOf(turn, target).bringUp.phase !== 'acting') return;
  if (outcome.outcome === 'done' || outcome.outcome === 'nothing') {
    beginStarting(turn, target);
    followProcess(turn, target, outcome.process);
    setTarget(turn, target, { shortLives: undefined });
    return setBringUp(turn, target, { phase: 'verifying', at: turn.now.steady });
  }
  const isFinal = outcome.outcome === 'refused' || isRefused(turn, target);
  failed(turn, target, outcome.trouble?.message ?? 'the start command failed', isFinal);
}

function verify(turn: Turn, target: TargetId, bringUp: BringUp): void {
  if (wellSince(turn, target, bringUp.at)) {
    learnStart(turn, target);
    const text = `It was brought up in ${sayDuration(turn.now.steady - bringUp.at)}`;
    rule(turn, target, 'brought-up', text);
    audit(turn, { event: 'brought-up', target, incident: undefined, text });
    return setBringUp(turn, target, { phase: 'done', tries: 0 });
  }
  const gone = looksSince(turn, target, bringUp.at).find(
    (look) => look.reason === 'gone' && look.evidence === 'definite',
  );
  if (gone !== undefined) return failed(turn, target, `it was started and ended again: ${gone.message}`, false);
  const { starting } = targetOf(turn, target);
  if (starting === undefined || turn.now.steady >= starting.until)
    failed(turn, target, 'it was started and did not get well', false);
}

function failed(turn: Turn, target: TargetId, why: string, final: boolean): void {
  const { policy } = planOf(turn, target);
  const { tries } = targetOf(turn, target).bringUp;
  setTarget(turn, target, { starting: undefined, survey: undefined });
  audit(turn, {
    event: 'bring-up-failed',
    target,
    incident: undefined,
    text: tries === 0 ? why : `Try ${tries}: ${why}`,
  });
  if (!final && tries < policy.bringUpTries && whyInVain(turn, target, 'absent') === undefined) {
    const at = turn.now.steady + policy.bringUpBackoffMs * 4 ** (tries - 1);
    rule(turn, target, 'bring-up-failed', `Try ${tries} of ${policy.bringUpTries} to bring it up failed: ${why}`);
    return setBringUp(turn, target, { phase: 'waiting', at });
  }
  rule(turn, target, 'bring-up-failed', `It could not be brought up: ${why}`);
  setBringUp(turn, target, { phase: 'gave-up' });
  believeDown(turn, target);
}

/** Three starts that failed are evidence enough: the incident opens now, not after three more looks and a minute. */
function believeDown(turn: Turn, target: TargetId): void {
  for (const look of looksOf(turn, target)) {
    if (look.status === 'ok' || look.status === 'idle') continue;
    const check = checkOf(turn, look.check);
    const { at, steady } = look;
    setCheck(turn, look.check, {
      ...check,
      belief: 'critical',
      since: { at, steady },
      evidence: 'definite',
      reason: look.reason,
      message: look.message,
      // As if it had been confirmed by looks: the next look that says otherwise is believed.
      strikes: Math.max(check.strikes, turn.plan.checks[look.check]?.failureThreshold ?? 0),
    });
  }
}

function setBringUp(turn: Turn, target: TargetId, patch: Partial<BringUp>): void {
  const { bringUp } = targetOf(turn, target);
  const same = (Object.keys(patch) as (keyof BringUp)[]).every((key) => bringUp[key] === patch[key]);
  if (!same) setTarget(turn, target, { bringUp: { ...bringUp, ...patch } });
}
