import { clockTime } from './clock-time.ts';
import { endAttempt } from './end-attempt.ts';
import { countEnd } from './ends.ts';
import { holdsOf, isBringingUp } from './holds.ts';
import { leaveIncident, note } from './incident.ts';
import { HOUR_MS, startsWithin } from './limits.ts';
import type { Plan } from './plan.ts';
import { verifyUntil } from './proof.ts';
import { tellLeft } from './resolved.ts';
import { patchAttempt, patchResult, runningAttempt } from './running.ts';
import { beginStarting } from './starting.ts';
import type { Attempt, TargetState } from './state.ts';
import {
  audit,
  checkOf,
  checksOf,
  freshTarget,
  incidentOf,
  planOf,
  setIncident,
  setTarget,
  type Turn,
  targetOf,
} from './turn.ts';
import type { CheckId, TargetId } from './types.ts';
import { freshCheck, isBad, NO_STRIKES } from './verdict.ts';
import { sayPlaybook } from './words.ts';

/** The daemon starts: what was under way when it ended is over, and is counted. */
export function boot(turn: Turn, sinceBootMs: number): void {
  for (const target of Object.keys(turn.plan.targets)) bootTarget(turn, target);
  dropUnknown(turn);
  if (sinceBootMs < turn.plan.holds.afterBootMs)
    quiet(turn, turn.plan.holds.afterBootMs - sinceBootMs, 'the host has just booted');
  // The queue takes each id once, so sending again what may have been sent is safe, and not sending would lose it.
  for (const alert of turn.state.outbox) turn.effects.push({ type: 'alert', alert });
  audit(turn, { event: 'daemon-started', target: undefined, incident: undefined, text: 'The daemon has started' });
}

function bootTarget(turn: Turn, target: TargetId): void {
  const { belief, starting, tracked } = targetOf(turn, target);
  // Nobody has seen how it was since the last daemon ended.
  if (belief === 'ok') setTarget(turn, target, { since: turn.now });
  const attempt = runningAttempt(turn, target);
  // What was planned and not begun stays planned: its time is on disk, and the host is asked anew before it.
  if (attempt !== undefined && attempt.phase !== 'waiting') {
    // It may have been ended before its outcome was known.
    if (tracked !== undefined && attempt.phase === 'acting' && attempt.reason !== 'gone')
      countEnd(turn, target, tracked);
    if (attempt.phase === 'acting') patchResult(turn, target, { result: 'interrupted', ended: turn.now });
    // Its beginning may be missing in the audit: that is written beside the act, and a kill can come between.
    note(turn, target, 'attempt-interrupted', sayInterrupted(attempt));
    endAttempt(turn, target, 'interrupted');
  }
  // What was starting goes on doing so without us.
  const still = starting !== undefined && turn.now.steady < starting.until ? starting : undefined;
  setTarget(turn, target, { starting: still, survey: undefined, hostHolds: [] });
  forgetSoft(turn, target);
  const { bringUp } = targetOf(turn, target);
  const isDue = turn.plan.targets[target]?.bringUp === true && runningAttempt(turn, target) === undefined;
  if (!isDue || incidentOf(turn, target) !== undefined) {
    return setTarget(turn, target, { bringUp: { ...bringUp, phase: 'done' } });
  }
  // A bring-up that a crash cut short goes on counting its tries: a daemon in a crash loop is no way around them.
  const tries = isBringingUp(bringUp) ? bringUp.tries : 0;
  setTarget(turn, target, { bringUp: { phase: 'pending', tries, at: turn.now.steady } });
}

function sayInterrupted({ phase, playbook, started }: Attempt): string {
  const which = `The attempt of ${clockTime(started.at, true)} (${sayPlaybook(playbook)})`;
  return phase === 'acting'
    ? `${which} was under way when the daemon ended: whether it was done is not known, and it counts`
    : `${which} was done, and the daemon ended before it was seen whether that helped; it counts`;
}

/** What was seen before a gap proves no silence across it: rows that are not confirmed start over. */
function forgetSoft(turn: Turn, target: TargetId): void {
  for (const id of checksOf(turn.plan, target)) beginRow(turn, id);
}

function beginRow(turn: Turn, id: CheckId): void {
  const check = checkOf(turn, id);
  if (isBad(check.belief) || (check.strikes === 0 && check.badSince === undefined)) return;
  const fresh = freshCheck(turn.now);
  turn.state = { ...turn.state, checks: { ...turn.state.checks, [id]: { ...fresh, ...check, ...NO_STRIKES } } };
}

/** What was seen under other options (another address, another deadline) is no strike against what is looked at now. */
function forgetOtherOptions(turn: Turn, before: Plan | undefined): void {
  for (const [id, check] of Object.entries(turn.plan.checks)) {
    const was = before?.checks[id];
    if (was !== undefined && JSON.stringify(was) !== JSON.stringify(check)) beginRow(turn, id);
  }
}

/** The host slept or the daemon stood still: every freshness rule restarts, and nothing is acted upon for a while. */
export function resume(turn: Turn, awayMs: number): void {
  for (const target of Object.keys(turn.plan.targets)) {
    forgetSoft(turn, target);
    awaitAgain(turn, target, awayMs);
  }
  turn.latest = {};
  quiet(turn, turn.plan.holds.afterWakeMs, 'the host has just woken up');
  audit(turn, {
    event: 'resumed',
    target: undefined,
    incident: undefined,
    text: `Away for ${Math.round(awayMs / 1000)} s; looks start over`,
  });
  turn.effects.push({ type: 'look', checks: Object.keys(turn.plan.checks), afterMs: 0 });
}

/** Neither a start nor the proof of an act is late because the host slept, nor is the whole run. */
function awaitAgain(turn: Turn, target: TargetId, awayMs: number): void {
  if (targetOf(turn, target).starting !== undefined) beginStarting(turn, target);
  const attempt = runningAttempt(turn, target);
  if (attempt === undefined) return;
  if (attempt.slo !== undefined) patchAttempt(turn, target, { slo: attempt.slo + awayMs });
  if (attempt.phase === 'verifying') patchAttempt(turn, target, { verifyBy: verifyUntil(turn, target, attempt) });
}

function quiet(turn: Turn, forMs: number, because: string): void {
  const until = turn.now.steady + forMs;
  turn.state = { ...turn.state, host: { ...turn.state.host, quietUntil: until, quietBecause: because } };
}

/** The config changed: what left it is closed, what joined it starts fresh (and is brought up when it is down). */
export function changePlan(turn: Turn, before: Plan | undefined): void {
  dropUnknown(turn);
  for (const [target, plan] of Object.entries(turn.plan.targets)) {
    const known = turn.state.targets[target];
    if (known === undefined) {
      setTarget(turn, target, {});
      continue;
    }
    if (!plan.bringUp && isBringingUp(known.bringUp))
      setTarget(turn, target, { bringUp: { ...known.bringUp, phase: 'done' } });
    const was = before?.targets[target]?.fingerprint;
    if (was === undefined || was === plan.fingerprint) continue;
    if (runningAttempt(turn, target)?.phase === 'waiting') endAttempt(turn, target, 'stopped');
    tryAnew(turn, target);
  }
  forgetOtherOptions(turn, before);
  lookAnew(turn);
  audit(turn, { event: 'config-loaded', target: undefined, incident: undefined, text: 'A changed config is in force' });
}

/**
 * A person changed the config of what is down, probably because of that: it is brought up once more at once. Once, if it
 * was tried in vain within the hour, so that editing is no way around a number; after that its limits go on as they were.
 */
function tryAnew(turn: Turn, target: TargetId): void {
  const incident = incidentOf(turn, target);
  const { bringUp } = targetOf(turn, target);
  const isIdle = runningAttempt(turn, target) === undefined && !isBringingUp(bringUp);
  if (incident === undefined || !planOf(turn, target).bringUp || !isIdle) return;
  if (holdsOf(turn, target).some((hold) => hold.kind !== 'quiet')) return;
  const { bringUpTries } = planOf(turn, target).policy;
  const isFresh = bringUp.tries === 0 || turn.now.steady - bringUp.at >= HOUR_MS;
  const tries = isFresh ? 0 : Math.max(0, bringUpTries - 1);
  setTarget(turn, target, { bringUp: { phase: 'pending', tries, at: turn.now.steady } });
  setIncident(turn, incident.id, { personActed: true });
  note(turn, target, 'config-changed', 'Its config was changed: it is tried anew, if it is down');
}

/** The trouble may have been in the config itself: what is believed bad is looked at anew before it is acted upon. */
function lookAnew(turn: Turn): void {
  const bad = Object.keys(turn.plan.checks).filter((id) => isBad(checkOf(turn, id).belief));
  if (bad.length === 0) return;
  turn.latest = Object.fromEntries(Object.entries(turn.latest).filter(([id]) => !bad.includes(id)));
  turn.effects.push({ type: 'look', checks: bad, afterMs: 0 });
}

function dropUnknown(turn: Turn): void {
  for (const target of Object.keys(turn.state.targets)) {
    if (turn.plan.targets[target] !== undefined) continue;
    const left = leaveIncident(turn, target);
    if (left !== undefined) tellLeft(turn, target, left);
    const { [target]: known, ...targets } = turn.state.targets;
    const rest = known === undefined ? undefined : restOf(turn, known);
    turn.state = { ...turn.state, targets: rest === undefined ? targets : { ...targets, [target]: rest } };
  }
  const checks = Object.fromEntries(
    Object.entries(turn.state.checks).filter(([id]) => turn.plan.checks[id] !== undefined),
  );
  if (Object.keys(checks).length !== Object.keys(turn.state.checks).length) turn.state = { ...turn.state, checks };
  const { steady } = turn.now;
  const attempts = startsWithin(turn.state.host.attempts, turn.plan.limits.hostWindowMs, steady);
  turn.state = { ...turn.state, host: { ...turn.state.host, attempts } };
}

/** What outlives a target that left the config for an hour: editing the config twice opens no limit, of acting or telling (DESIGN §5.8). */
function restOf(turn: Turn, known: TargetState): TargetState | undefined {
  const { steady } = turn.now;
  const { forgottenAt, refusedUnder, lastAlertAt, startTimesMs, bringUp } = known;
  const uncleanEnds = known.uncleanEnds.filter((end) => steady - end.at < HOUR_MS);
  const attempts = known.attempts
    .filter((attempt) => steady - attempt.started.steady < HOUR_MS)
    .map((attempt) =>
      attempt.phase === 'ended'
        ? attempt
        : { ...attempt, phase: 'ended' as const, retryAt: undefined, ended: turn.now, outcome: 'interrupted' as const },
    );
  const tried = bringUp.tries > 0 && steady - bringUp.at < HOUR_MS;
  const isTold = lastAlertAt !== undefined && steady - lastAlertAt < turn.plan.alerts.cooldownMs;
  if (attempts.length === 0 && uncleanEnds.length === 0 && !tried && !isTold) return undefined;
  const pending = { phase: 'pending' as const, tries: tried ? bringUp.tries : 0, at: bringUp.at };
  const kept = { attempts, forgottenAt, refusedUnder, lastAlertAt, startTimesMs, uncleanEnds, bringUp: pending };
  return { ...freshTarget(turn.now, false), ...kept };
}
