import { type Classified, classify } from './classify.ts';
import { reasonOf } from './health.ts';
import { checkOf, checksOf, incidentOf, type Turn, targetOf } from './turn.ts';
import type { Reason, TargetId } from './types.ts';

/** How long before its first bad look a trouble may have begun: an end is heard of before it is seen. */
const HEARD_BEFORE_MS = 5_000;

/** What kind of trouble a target has now, by all that is known of it. */
export function troubleOf(turn: Turn, target: TargetId, reason: Reason = reasonOf(turn, target)): Classified {
  const check = checksOf(turn.plan, target)
    .map((id) => checkOf(turn, id))
    .find((one) => one.reason === reason);
  const { lastExit } = targetOf(turn, target);
  const since = incidentOf(turn, target)?.started.steady ?? turn.now.steady;
  const exit = lastExit !== undefined && lastExit.at.steady >= since - HEARD_BEFORE_MS ? lastExit : undefined;
  return classify({ reason, message: check?.message ?? '', exit });
}
