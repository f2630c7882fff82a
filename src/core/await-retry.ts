import { isSurveyed } from './ask-host.ts';
import { endAttempt } from './end-attempt.ts';
import { forbidsNextStep } from './gate.ts';
import { isFresh, mayBeThere } from './health.ts';
import { doubtfulParent } from './holds.ts';
import { note } from './incident.ts';
import { endTooLate, isTooLate, playbookOf, runStep } from './ladder.ts';
import { isAnswering } from './left-alone.ts';
import { helped, isProven } from './proof.ts';
import { isRefused } from './refused.ts';
import { patchAttempt, triesOf } from './running.ts';
import type { Attempt } from './state.ts';
import { checksOf, looksOf, rule, type Turn, wallOf } from './turn.ts';
import type { TargetId } from './types.ts';
import { isBad } from './verdict.ts';
import { sayAction } from './words.ts';

/**
 * Between two tries, or two steps. Asked after every event and every second: it gets well, something begins that forbids
 * the next one, or its time has come. Then it is begun by the same rules as an attempt, but for the limits, which count attempts.
 */
export function awaitRetry(turn: Turn, target: TargetId, attempt: Attempt): void {
  if (attempt.phase !== 'waiting') return;
  if (isProven(turn, target, attempt)) return helped(turn, target, attempt);
  const step = playbookOf(turn, target, attempt)?.steps[attempt.step];
  if (step === undefined) return stop(turn, target, attempt, 'its playbook was changed');
  if (isRefused(turn, target)) return endAttempt(turn, target, 'not-recovered');
  if (!attempt.manual && isAnswering(turn, target)) return endAttempt(turn, target, 'not-recovered');
  if (isTooLate(attempt, turn.now.steady)) return endTooLate(turn, target, attempt);
  const forbidden = forbidsNextStep(turn, target, attempt);
  if (forbidden !== undefined && !forbidden.isBrief) return stop(turn, target, attempt, forbidden.text);
  if (turn.stopping === true) return;
  const retryAt = attempt.retryAt ?? turn.now.steady;
  const isRetry = triesOf(attempt) > 0;
  if (turn.now.steady < retryAt)
    return rule(turn, target, 'retry-waits', `Waits before ${whichOf(attempt, step)}`, wallOf(turn.now, retryAt));
  const doubt = forbidden?.text ?? unsure(turn, target, attempt);
  if (doubt !== undefined)
    return rule(turn, target, 'retry-waits', `${capital(whichOf(attempt, step))} waits: ${doubt}`);
  if (!isSurveyed(turn, target)) return;
  patchAttempt(turn, target, { phase: 'acting', stepEnded: undefined, retryAt: undefined });
  const text = `${isRetry ? capital(whichOf(attempt, step)) : 'Next step'}: ${sayAction(step.action)}`;
  note(turn, target, isRetry ? 'retry' : 'next-step', text);
  rule(turn, target, isRetry ? 'retry' : 'next-step', text);
  runStep(turn, target, step, attempt);
}

/** `try 2 of 3`, `the next step`. */
function whichOf(attempt: Attempt, { retries }: { readonly retries: number }): string {
  const tries = triesOf(attempt);
  return tries === 0 ? 'the next step' : `try ${tries + 1} of ${retries + 1}`;
}

function stop(turn: Turn, target: TargetId, attempt: Attempt, why: string): void {
  note(turn, target, 'held', `The next ${triesOf(attempt) > 0 ? 'try' : 'step'} is not run: ${why}`);
  endAttempt(turn, target, 'stopped');
}

/** Only what is seen to be bad now is acted upon; what cannot be seen waits. */
function unsure(turn: Turn, target: TargetId, attempt: Attempt): string | undefined {
  if (mayBeThere(turn, target)?.isSeen === true) return 'its address answers, and no process matches its config';
  const bad = looksOf(turn, target).filter((look) => isBad(look.status) || look.clear === false);
  if (bad.length === 0) return 'no look sees the trouble now; the next ones decide';
  if (!bad.some((look) => isFresh(turn, look))) {
    turn.effects.push({ type: 'look', checks: checksOf(turn.plan, target), afterMs: 0 });
    return 'it is looked at once more';
  }
  const parent = attempt.manual ? undefined : doubtfulParent(turn, target);
  return parent === undefined ? undefined : `${parent} has failed looks too and comes first`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
