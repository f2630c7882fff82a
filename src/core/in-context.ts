import { clockTime } from './clock-time.ts';
import { isNobodyBehind } from './health.ts';
import { restartedUntil } from './lives.ts';
import { checksOf, type Turn, targetOf } from './turn.ts';
import type { Reason, Result } from './types.ts';

/** Something gave an answer, be it a wrong one. */
const ANSWERED: readonly Reason[] = ['fine', 'failing', 'wrong-answer', 'rate-limited', 'slow', 'degraded'];

/**
 * A look in the light of what else is known of its target. One look alone would mislead twice: a process that runs may
 * be the sixth within a minute, and one that is not found may be there under another name.
 */
export function inContext(turn: Turn, result: Result): Result {
  if (turn.plan.checks[result.check]?.name !== 'process') return result;
  const { shortLives } = targetOf(turn, result.target);
  if (result.status === 'ok' && shortLives !== undefined && restartedUntil(turn, result.target) !== undefined) {
    const count = shortLives.count + 1;
    const message = `${result.message}, but it is one of ${count} processes since ${clockTime(shortLives.since.at, true)}: each ended soon, and something else starts it anew`;
    return { ...result, status: 'warning', reason: 'unstable', message };
  }
  if (result.reason === 'absent' && isAnswered(turn, result)) {
    const message = `its address answers, but ${result.message}`;
    return { ...result, status: 'warning', reason: 'unmatched', message };
  }
  return result;
}

function isAnswered(turn: Turn, result: Result): boolean {
  return checksOf(turn.plan, result.target).some((id) => {
    const look = id === result.check ? undefined : turn.latest[id];
    return look !== undefined && ANSWERED.includes(look.reason) && !isNobodyBehind(look);
  });
}
