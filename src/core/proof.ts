import { finishAttempt } from './end-attempt.ts';
import { isWell, looksSince, wellSince } from './health.ts';
import { note } from './incident.ts';
import { playbookOf, stepFailed } from './ladder.ts';
import type { Verify } from './plan.ts';
import { patchAttempt, patchResult, runningAttempt } from './running.ts';
import { learnStart } from './starting.ts';
import type { Attempt } from './state.ts';
import { checksOf, planOf, type Turn, targetOf } from './turn.ts';
import type { CheckId, Result, TargetId } from './types.ts';
import { isBad } from './verdict.ts';

type Asked = Exclude<Verify, 'none'>;

/** What the newest step asks for as its proof; of a step that only prepares and was the last, the usual one. */
export function proofOf(turn: Turn, target: TargetId, attempt: Attempt): Asked {
  // While the next step is planned, it is still the one before that may turn out to have helped.
  const step = attempt.steps.at(-1)?.step ?? attempt.step;
  const verify = playbookOf(turn, target, attempt)?.steps[step]?.verify;
  return verify === undefined || verify === 'none' ? {} : verify;
}

/** Until when (steady) a step whose action has just returned may take to prove itself; a start has its own grace besides. */
export function verifyUntil(turn: Turn, target: TargetId, attempt: Attempt): number {
  return turn.now.steady + (proofOf(turn, target, attempt).withinMs ?? planOf(turn, target).cadenceMs + 60_000);
}

/** Asked after every look and every second while an attempt awaits its proof. */
export function verifyAttempt(turn: Turn, target: TargetId, attempt: Attempt): void {
  if (attempt.phase !== 'verifying' || attempt.stepEnded === undefined) return;
  const since = attempt.stepEnded.steady;
  const asked = proofOf(turn, target, attempt);
  if (isProven(turn, target, attempt)) return helped(turn, target, attempt);
  const failure = refuted(turn, target, attempt, asked, since);
  if (failure === undefined) return;
  patchResult(turn, target, { verified: false, trouble: attempt.steps.at(-1)?.trouble ?? failure });
  note(turn, target, 'not-verified', failure, targetOf(turn, target).lastExit?.lastLines.join('\n'));
  stepFailed(turn, target);
}

/** It is well by looks begun after the step, be it after the time that the step was given. */
export function helped(turn: Turn, target: TargetId, attempt: Attempt): void {
  learnStart(turn, target);
  patchResult(turn, target, { verified: true });
  const tookMs = turn.now.steady - attempt.started.steady;
  note(turn, target, 'attempt-helped', `Attempt helped after ${seconds(tookMs)}`, attempt.did.join(' '));
  finishAttempt(turn, target, 'recovered');
}

/** Counts good looks in a row where the proof asks for a number of them. */
export function countGoodLook(turn: Turn, look: Result): void {
  const attempt = runningAttempt(turn, look.target);
  if (attempt === undefined || attempt.stepEnded === undefined) return;
  const { checks, goods, everyMs = 0 } = proofOf(turn, look.target, attempt);
  if (checks === undefined && goods === undefined) return;
  if (look.steady < attempt.stepEnded.steady || checks?.includes(look.check) === false) return;
  const before = attempt.goods.find(({ check }) => check === look.check);
  const isGood = (look.status === 'ok' || look.status === 'idle') && look.clear !== false;
  // Looks that come faster than they were asked for are seen but not counted.
  if (isGood && before !== undefined && look.steady - before.at < everyMs * 0.9) return;
  const others = attempt.goods.filter(({ check }) => check !== look.check);
  const now = isGood ? [{ check: look.check, count: (before?.count ?? 0) + 1, at: look.steady }] : [];
  if (isGood || before !== undefined) patchAttempt(turn, look.target, { goods: [...others, ...now] });
}

/** It is well by looks begun since the newest step ended, and as its proof asks for. */
export function isProven(turn: Turn, target: TargetId, attempt: Attempt): boolean {
  const since = attempt.stepEnded?.steady;
  if (since === undefined) return false;
  const asked = proofOf(turn, target, attempt);
  const all = checksOf(turn.plan, target);
  const named = (asked.checks ?? all).filter((id) => all.includes(id));
  if ((asked.checks === undefined && asked.goods === undefined) || named.length === 0)
    return wellSince(turn, target, since);
  const needed = asked.goods ?? 1;
  const count = (id: CheckId): number => attempt.goods.find(({ check }) => check === id)?.count ?? 0;
  const looks = looksSince(turn, target, since);
  const isSeen = planOf(turn, target).kind !== 'service' || looks.some((look) => look.status === 'ok');
  // The other checks need not have looked again, and yet what they believe or see bad is not well.
  return named.every((id) => count(id) >= needed) && isSeen && !looks.some(isNotGood) && isWell(turn, target);
}

function isNotGood(look: Result): boolean {
  return isBad(look.status) || look.status === 'unknown' || look.clear === false;
}

/** Why the step certainly did not help, or `undefined` while that is open. */
function refuted(
  turn: Turn,
  target: TargetId,
  attempt: Attempt,
  { withinMs }: Asked,
  since: number,
): string | undefined {
  const looks = looksSince(turn, target, since);
  const left = looks.find((look) => (look.status !== 'ok' && look.status !== 'idle') || look.clear === false);
  const isOver = turn.now.steady >= (attempt.verifyBy ?? 0);
  if (planOf(turn, target).kind !== 'service') {
    const isSeen = looks.length > 0 && looks.every((look) => look.status !== 'unknown');
    if (isSeen && left !== undefined && (isOver || withinMs === undefined)) return `It did not help: ${left.message}`;
    if (!isOver) return undefined;
    return isSeen ? 'It was not seen to be well for long enough' : 'It could not be seen whether it helped';
  }
  const gone = looks.find((look) => look.reason === 'gone' && look.evidence === 'definite');
  if (gone !== undefined) return `It was started and ended again: ${gone.message}`;
  const { starting } = targetOf(turn, target);
  // A start is never cut short by the time that a step is given: ending a slow boot again and again is harm.
  if (starting !== undefined && turn.now.steady < starting.until) return undefined;
  if ((starting === undefined || withinMs !== undefined) && !isOver) return undefined;
  const took = seconds(turn.now.steady - since);
  return `It was not well within ${took}${left === undefined ? '' : `: ${left.message}`}`;
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
