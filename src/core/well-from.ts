import { checksOf, incidentOf, planOf, setIncident, type Turn } from './turn.ts';
import type { Result, TargetId } from './types.ts';

/** An incident ends when its target is believed well; since when it was seen so is worth knowing too, for the record. */
export function noticeWell(turn: Turn, look: Result): void {
  const incident = incidentOf(turn, look.target);
  if (incident === undefined) return;
  setIncident(turn, incident.id, { wellFrom: isGood(turn, look.target) ? (incident.wellFrom ?? look.at) : undefined });
}

function isGood(turn: Turn, target: TargetId): boolean {
  const looks = checksOf(turn.plan, target).map((id) => turn.latest[id]);
  const isWell = looks.every((look) => (look?.status === 'ok' || look?.status === 'idle') && look.clear !== false);
  return isWell && (planOf(turn, target).kind !== 'service' || looks.some((look) => look?.status === 'ok'));
}
