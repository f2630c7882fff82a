import { type Classified, classify } from './classify.ts';
import { reasonOf } from './health.ts';
import type { LastExit } from './state.ts';
import { checkOf, checksOf, incidentOf, type Turn, targetOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';

/** How long before its first bad look a trouble may have begun: an end is heard of before it is seen. */
const HEARD_BEFORE_MS = 5_000;

/** What kind of trouble a target has now, by all that is known of it. */
export function troubleOf(turn: Turn, target: TargetId, reason: Reason = reasonOf(turn, target)): Classified {
  const check = checksOf(turn.plan, target)
    .map((id) => checkOf(turn, id))
    .find((one) => one.reason === reason);
  const exit = exitWithin(turn, target, incidentOf(turn, target)?.started ?? turn.now);
  return classify({ reason, message: check?.message ?? '', exit });
}

/** How its process ended last, where that belongs to a trouble that began then. */
export function exitWithin(turn: Turn, target: TargetId, started: { readonly steady: number }): LastExit | undefined {
  const { lastExit } = targetOf(turn, target);
  return lastExit !== undefined && lastExit.at.steady >= started.steady - HEARD_BEFORE_MS ? lastExit : undefined;
}
