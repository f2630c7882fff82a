import { sameOwner } from './owner.ts';
import type { CheckPlan } from './plan.ts';
import type { TargetState } from './state.ts';
import type { Result } from './types.ts';

/** A process that goes on living is looked at four times a second; the judge is told this often. */
export const SAME_NEWS_MS = 30_000;
/** What is looked at no oftener than this is always told. */
const SELDOM_MS = 10_000;

/**
 * Whether the judge must hear of a look. It skips what the judge knows: the same good look at the same process of a
 * target that is at rest. Bad news is always told: the second look that confirms a death says the same as the first.
 */
export function isNews(
  check: CheckPlan,
  result: Result,
  before: Result | undefined,
  target: TargetState | undefined,
): boolean {
  if (result.status !== 'ok' && result.status !== 'idle') return true;
  if (check.everyMs >= SELDOM_MS || before === undefined) return true;
  if (result.steady - before.steady >= SAME_NEWS_MS || result.status !== before.status) return true;
  if (result.message !== before.message || !sameProcess(result, before)) return true;
  if (result.status === 'idle') return false;
  return !isAtRest(target);
}

/** Well, and nothing awaits the next look as a proof. */
export function isAtRest(target: TargetState | undefined): boolean {
  if (target?.belief !== 'ok' || target.starting !== undefined) return false;
  const phase = target.attempts.at(-1)?.phase;
  return target.bringUp.phase === 'done' && phase !== 'verifying' && phase !== 'waiting';
}

function sameProcess(a: Result, b: Result): boolean {
  if (!sameOwner(a.process?.owner, b.process?.owner)) return false;
  return a.process?.pid === b.process?.pid && a.process?.startToken === b.process?.startToken;
}
