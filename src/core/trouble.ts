import { type Classified, classify, type End } from './classify.ts';
import { reasonOf } from './health.ts';
import type { LastExit } from './last-exit.ts';
import { checkOf, checksOf, incidentOf, looksOf, planOf, type Turn, targetOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';

/** How long before its first bad look a trouble may have begun: an end is heard of before it is seen. */
const HEARD_BEFORE_MS = 5_000;

/** What kind of trouble a target has now, by all that is known of it. */
export function troubleOf(turn: Turn, target: TargetId, reason: Reason = reasonOf(turn, target)): Classified {
  const check = checksOf(turn.plan, target)
    .map((id) => checkOf(turn, id))
    .find((one) => one.reason === reason);
  return classify({
    reason,
    message: check?.message ?? '',
    exit: endOf(turn, target),
    trouble: failedStart(turn, target),
    usedPercent: fullestOf(turn, target),
    fullDisk: targetOf(turn, target).fullDisk,
  });
}

/** How its process ended, where that belongs to its trouble and no start has succeeded since. */
export function endOf(turn: Turn, target: TargetId): End | undefined {
  const exit = exitWithin(turn, target, incidentOf(turn, target)?.started ?? turn.now);
  const last = targetOf(turn, target).attempts.at(-1);
  const startedAt = last?.trouble === undefined ? (last?.stepEnded?.steady ?? 0) : 0;
  return exit !== undefined && exit.at.steady >= startedAt ? exit : undefined;
}

/** What the newest start failed for, where that is newer than every end. */
function failedStart(turn: Turn, target: TargetId): { code: string; message: string } | undefined {
  const { attempts, lastExit } = targetOf(turn, target);
  const last = attempts.at(-1);
  const step = last?.steps.at(-1);
  if (last === undefined || last.incident !== incidentOf(turn, target)?.id) return undefined;
  if (step?.code === undefined || step.trouble === undefined) return undefined;
  const isOlder = (lastExit?.at.steady ?? 0) > (step.ended?.steady ?? 0);
  return isOlder ? undefined : { code: step.code, message: step.trouble };
}

function fullestOf(turn: Turn, target: TargetId): number | undefined {
  if (planOf(turn, target).kind !== 'disk') return undefined;
  const shares = looksOf(turn, target).map((look) => look.metrics['usedPercent'] ?? 0);
  return Math.max(0, ...shares);
}

/** How its process ended last, where that belongs to a trouble that began then, and was not our doing. */
export function exitWithin(turn: Turn, target: TargetId, started: { readonly steady: number }): LastExit | undefined {
  const { lastExit } = targetOf(turn, target);
  if (lastExit?.ours === true) return undefined;
  return lastExit !== undefined && lastExit.at.steady >= started.steady - HEARD_BEFORE_MS ? lastExit : undefined;
}
