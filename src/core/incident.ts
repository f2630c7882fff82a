import type { Incident } from './state.ts';
import { audit, incidentOf, looksOf, setIncident, setTarget, type Turn, targetOf } from './turn.ts';
import type { IncidentId, Moment, Reason, TargetId } from './types.ts';
import { isBad } from './verdict.ts';

/** Closed incidents kept in the state; older ones live on in the audit. */
const KEPT = 200;
const STEPS_KEPT = 200;

const TITLES: Readonly<Record<Reason, string>> = {
  fine: 'had trouble',
  gone: 'stopped running',
  absent: 'is not running',
  unmatched: 'answers, but no process matches its config',
  unstable: 'ends again and again',
  foreign: 'lost its port to another program',
  refused: 'does not accept connections',
  silent: 'stopped answering',
  failing: 'answers with errors',
  'wrong-answer': 'gives a wrong answer',
  'rate-limited': 'is asked too often',
  slow: 'answers slowly',
  degraded: 'works only in part',
  'over-limit': 'is over its limit',
  'cannot-look': 'cannot be looked at',
  'nothing-to-look-at': 'has nothing to look at',
};

export function titleOf(target: TargetId, reason: Reason): string {
  return `${target} ${TITLES[reason]}`;
}

/** The reason that a title was made of, be there more text behind it; `undefined` of other texts. */
export function reasonInTitle(target: TargetId, text: string): Reason | undefined {
  const reasons = (Object.keys(TITLES) as Reason[]).filter((reason) => text.startsWith(titleOf(target, reason)));
  return reasons.toSorted((a, b) => TITLES[b].length - TITLES[a].length)[0];
}

export type Opening = { readonly severity: 'warning' | 'critical'; readonly reason: Reason; readonly started: Moment };

/** What is noticed within this time began as it was noticed, for people. */
const NOTICED_MS = 2_000;

/** An incident begins with the first look that failed, long before it is believed. */
function firstFailed({ at }: Moment): Incident['steps'][number] {
  return { at, kind: 'first-failed', text: 'First look failed' };
}

/** Opens an incident for a target that has none. The evidence is what the bad looks say now. */
export function openIncident(turn: Turn, target: TargetId, opening: Opening): Incident {
  const number = turn.state.lastIncident + 1;
  const evidence = looksOf(turn, target)
    .filter((look) => isBad(look.status) || look.status === 'unknown')
    .map((look) => look.message);
  const incident: Incident = {
    id: String(number),
    target,
    title: titleOf(target, opening.reason),
    phase: 'detected',
    severity: opening.severity,
    reason: opening.reason,
    evidence,
    started: opening.started,
    detected: turn.now,
    ended: undefined,
    outcome: 'open',
    ack: undefined,
    stopped: undefined,
    personActed: false,
    badLooks: 0,
    badLookAt: turn.now.steady,
    sent: { opened: false, escalated: false, failed: false },
    gaveUp: false,
    informed: false,
    steps: turn.now.at - opening.started.at < NOTICED_MS ? [] : [firstFailed(opening.started)],
  };
  turn.state = {
    ...turn.state,
    lastIncident: number,
    incidents: { ...trimmed(turn.state.incidents), [incident.id]: incident },
  };
  setTarget(turn, target, { incident: incident.id });
  note(turn, target, 'detected', incident.title, evidence.join('; '));
  return incident;
}

/** Writes one line into the open incident's timeline, and the same line into the audit: one story for every reader. */
export function note(turn: Turn, target: TargetId, kind: string, text: string, detail?: string, by?: string): void {
  const incident = incidentOf(turn, target);
  const extra = detail === undefined || detail === '' ? {} : { detail };
  if (incident !== undefined) {
    const step = { at: turn.now.at, kind, text, ...extra };
    setIncident(turn, incident.id, { steps: [...incident.steps, step].slice(-STEPS_KEPT) });
  }
  audit(turn, { event: kind, target, incident: incident?.id, text, ...extra, ...(by === undefined ? {} : { by }) });
}

export function setPhase(turn: Turn, target: TargetId, phase: Incident['phase']): void {
  const incident = incidentOf(turn, target);
  if (incident !== undefined) setIncident(turn, incident.id, { phase });
}

/** Recovery of this incident has failed: it needs a person, and is tried once an hour from now on. Said once. */
export function giveUp(turn: Turn, target: TargetId, text: string): void {
  const incident = incidentOf(turn, target);
  if (incident === undefined) return;
  setIncident(turn, incident.id, { phase: 'failed', gaveUp: true });
  if (!incident.gaveUp) note(turn, target, 'gave-up', text);
}

/** Closes the target's incident as well. Says how it ended: a recovery step, a person, or by itself. */
export function closeIncident(turn: Turn, target: TargetId): Incident | undefined {
  const incident = incidentOf(turn, target);
  if (incident === undefined) return undefined;
  const attempts = targetOf(turn, target).attempts.filter((attempt) => attempt.incident === incident.id);
  const healed = attempts.some((attempt) => attempt.outcome === 'recovered');
  const byPerson =
    incident.personActed || attempts.some((attempt) => attempt.manual && attempt.outcome === 'recovered');
  // Attempts that did not help, an alert, and then health: somebody else must have mended it.
  const toldInVain = attempts.length > 0 && incident.sent.opened;
  const outcome = byPerson ? 'needed-you' : healed ? 'auto-fixed' : toldInVain ? 'needed-you' : 'went-away';
  note(
    turn,
    target,
    'recovered',
    `${target} is well again`,
    looksOf(turn, target)
      .map((look) => look.message)
      .join('; '),
  );
  setIncident(turn, incident.id, { phase: 'recovered', ended: turn.now, outcome });
  setTarget(turn, target, { incident: undefined });
  forgetWork(turn, target);
  return turn.state.incidents[incident.id];
}

/** The target left the config: what becomes of its trouble is not known. */
export function leaveIncident(turn: Turn, target: TargetId): Incident | undefined {
  const incident = incidentOf(turn, target);
  if (incident === undefined) return undefined;
  note(turn, target, 'left', `${target} left the config and is no longer watched`);
  setIncident(turn, incident.id, { phase: 'suppressed', ended: turn.now, outcome: 'went-away' });
  setTarget(turn, target, { incident: undefined });
  return turn.state.incidents[incident.id];
}

/** What a survey found is good while something is to be done about the target; later it would be an old story. */
export function forgetWork(turn: Turn, target: TargetId): void {
  if (targetOf(turn, target).hostHolds.length > 0) setTarget(turn, target, { hostHolds: [], survey: undefined });
}

function trimmed(incidents: Readonly<Record<IncidentId, Incident>>): Record<IncidentId, Incident> {
  const closed = Object.values(incidents).filter((incident) => incident.ended !== undefined);
  const drop = new Set(closed.slice(0, Math.max(0, closed.length - KEPT)).map((incident) => incident.id));
  return Object.fromEntries(Object.entries(incidents).filter(([id]) => !drop.has(id)));
}
