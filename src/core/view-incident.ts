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
    cause: causeOf(incident),
    ...(incident.class === undefined ? {} : { class: incident.class, evidence: incident.because ?? [] }),
    steps: incident.steps,
    next: open ? nextOf(turn, incident.target, incident) : undefined,
  };
}

/** How it ended tells more than what was seen from outside. */
function causeOf({ because, evidence }: Incident): string {
  return because?.join(' ') ?? evidence[0] ?? '';
}
