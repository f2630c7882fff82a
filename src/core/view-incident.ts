import { nextOf } from './alert-text.ts';
import type { IncidentView } from './snapshot.ts';
import type { Incident } from './state.ts';
import type { Turn } from './turn.ts';

export function viewIncident(turn: Turn, incident: Incident): IncidentView {
  const open = incident.ended === undefined && turn.plan.targets[incident.target] !== undefined;
  return {
    id: incident.id,
    target: incident.target,
    title: incident.title,
    phase: incident.phase,
    severity: incident.severity,
    start: incident.started.at,
    end: incident.ended?.at,
    outcome: incident.outcome,
    ackAt: incident.ack?.at,
    stoppedAt: incident.stopped?.at,
    cause: incident.evidence[0] ?? '',
    steps: incident.steps,
    next: open ? nextOf(turn, incident.target, incident) : undefined,
  };
}
