import { alertText } from './alert-text.ts';
import { clockTime } from './clock-time.ts';
import { beliefOf, isNotWellNow } from './health.ts';
import { downParent, holdsOf, isOnlyOfRecovery, isWorkOverdue } from './holds.ts';
import { note } from './incident.ts';
import { isMuted, post } from './outbox.ts';
import { isRefused } from './refused.ts';
import { attemptAtWork, runningAttempt } from './running.ts';
import type { Alert, Incident } from './state.ts';
import { incidentOf, planOf, setIncident, setTarget, type Turn, targetOf, wallOf } from './turn.ts';
import type { Result, TargetId } from './types.ts';
import { isBad } from './verdict.ts';

/**
 * What to tell, by the event table of DESIGN §6. It is asked after every event and every second; an alert that may not
 * go now is simply not due yet, so a deferred one is dropped by itself when the trouble heals before.
 */
export function tell(turn: Turn, target: TargetId): void {
  const incident = incidentOf(turn, target);
  if (incident === undefined || isMuted(turn, target) || downParent(turn, target) !== undefined) return;
  // What was believed before the daemon started, and what is starting, is looked at before anybody is told.
  if (!isNotWellNow(turn, target) || holdsOf(turn, target).some((hold) => hold.kind === 'starting')) return;
  const kind = dueKind(turn, target, incident);
  if (kind === undefined) return;
  send(turn, target, incident, kind);
  const sent = {
    opened: true,
    escalated: incident.sent.escalated || kind === 'escalated' || incident.severity === 'critical',
    failed: incident.sent.failed || kind === 'failed',
  };
  setIncident(turn, incident.id, { sent });
}

/** Counts looks at the target's normal rhythm that were bad while nothing was being done about it; between two tries nothing is. */
export function countBadLook(turn: Turn, result: Result): void {
  const incident = incidentOf(turn, result.target);
  if (incident === undefined || !(isBad(result.status) || result.status === 'unknown')) return;
  if (attemptAtWork(turn, result.target) !== undefined || isHeldByHost(turn, result.target)) return;
  const { cadenceMs } = planOf(turn, result.target);
  if (turn.now.steady - incident.badLookAt < cadenceMs) return;
  setIncident(turn, incident.id, { badLooks: incident.badLooks + 1, badLookAt: turn.now.steady });
}

/** Work, waking, a parent or a person's terminal hold for a while and end by themselves; only maintenance goes on being told. */
function isHeldByHost(turn: Turn, target: TargetId): boolean {
  return holdsOf(turn, target).some((hold) => hold.kind !== 'maintenance' && !isOnlyOfRecovery(hold));
}

function dueKind(turn: Turn, target: TargetId, incident: Incident): Alert['kind'] | undefined {
  const { lastAlertAt, flappingSince } = targetOf(turn, target);
  const free = lastAlertAt === undefined || turn.now.steady - lastAlertAt >= turn.plan.alerts.cooldownMs;
  const damped = flappingSince !== undefined && lastAlertAt !== undefined && lastAlertAt >= flappingSince;
  // Given up, or left in peace for a while: both are for a person to know, once.
  const isFailed = incident.gaveUp || incident.phase === 'failed';
  // A person who has stopped the recovery need not be told that it failed.
  if (isFailed && !incident.sent.failed && incident.stopped === undefined && isFinal(turn, target, incident))
    return 'failed';
  if (!incident.sent.opened) return free && !damped && isDue(turn, target, incident) ? 'opened' : undefined;
  if (incident.severity === 'critical' && !incident.sent.escalated) return 'escalated';
  return free && !damped && incident.ack === undefined ? 'reminder' : undefined;
}

/** Attempts that other incidents have used up say nothing of this one yet: it may be mended by others before it is worth a word. */
function isFinal(turn: Turn, target: TargetId, incident: Incident): boolean {
  const isDecided = incident.reason === 'foreign' || incident.class === 'data-corruption' || isRefused(turn, target);
  return isDecided || incident.sent.opened || isDue(turn, target, incident);
}

function isDue(turn: Turn, target: TargetId, incident: Incident): boolean {
  if (!isBad(beliefOf(turn, target)) && beliefOf(turn, target) !== 'unknown') return false;
  const { attempts } = targetOf(turn, target);
  if (isWorkOverdue(turn, target)) return true;
  const inVain = attempts.some(
    (attempt) => attempt.incident === incident.id && attempt.ended !== undefined && attempt.outcome !== 'recovered',
  );
  return inVain || (!isBeingHealed(turn, target) && incident.badLooks >= turn.plan.alerts.after);
}

/** A recovery that waits for its next try may still heal it without a word, but not for hours. */
const HEALS_SILENTLY_MS = 300_000;

function isBeingHealed(turn: Turn, target: TargetId): boolean {
  const attempt = runningAttempt(turn, target);
  const isWaiting = attempt?.phase === 'waiting';
  return attempt !== undefined && !(isWaiting && turn.now.steady - attempt.started.steady >= HEALS_SILENTLY_MS);
}

/** Too many recoveries on this host: said once per opening of the breaker. */
export function tellBreaker(turn: Turn): void {
  const { host } = turn.state;
  if (
    host.breakerTold ||
    host.breakerUntil === undefined ||
    host.breakerAt === undefined ||
    turn.now.steady >= host.breakerUntil ||
    isMuted(turn, 'all')
  )
    return;
  const until = clockTime(wallOf(turn.now, host.breakerUntil));
  const title = `${host.attempts.length} recoveries in a short time: all recovery rests until ${until}`;
  const doThis = 'Look for what the services have in common: memory, disk, network, a parent.';
  const body = `${title}. Something bigger than one service is wrong. Looking goes on. ${doThis}`;
  turn.state = { ...turn.state, host: { ...host, breakerTold: true } };
  post(turn, {
    key: 'host',
    kind: 'opened',
    severity: 'critical',
    target: 'host',
    incident: '',
    title,
    body,
    since: host.breakerAt,
    createdAt: turn.now.at,
    evidence: [],
    tried: [],
    next: `Recovery goes on at ${until}.`,
    doThis,
  });
}

function send(turn: Turn, target: TargetId, incident: Incident, kind: Alert['kind']): void {
  const alert = post(turn, { ...alertText(turn, target, incident, kind), kind });
  setTarget(turn, target, { lastAlertAt: turn.now.steady });
  note(turn, target, `alert-${kind}`, `Alert sent: ${alert.title}`);
}
