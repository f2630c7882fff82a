import { exitText, nextOf } from './alert-text.ts';
import type { IncidentView } from './snapshot.ts';
import type { Incident } from './state.ts';
import { exitWithin } from './trouble.ts';
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
    cause: causeOf(turn, incident),
    steps: incident.steps,
    next: open ? nextOf(turn, incident.target, incident) : undefined,
  };
}

/** What it said as it ended tells more than what was seen from outside. */
function causeOf(turn: Turn, incident: Incident): string {
  const seen = incident.evidence[0] ?? '';
  if (incident.ended !== undefined || turn.plan.targets[incident.target] === undefined) return seen;
  const lastExit = exitWithin(turn, incident.target, incident.started);
  if (lastExit === undefined) return seen;
  const said = lastExit.lastLines.at(-1);
  return said === undefined ? seen : `${exitText(lastExit)} It last said: ${said}`;
}
