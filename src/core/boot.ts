import { endAttempt, runningAttempt } from './attempts.ts';
import { isBringingUp } from './bring-up.ts';
import { closeIncident } from './incident.ts';
import { startsWithin } from './limits.ts';
import { audit, checkOf, checksOf, incidentOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';
import { freshCheck, isBad } from './verdict.ts';

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
  if (runningAttempt(turn, target) !== undefined) endAttempt(turn, target, 'interrupted');
  setTarget(turn, target, { starting: undefined, survey: undefined, hostHolds: [] });
  forgetSoft(turn, target);
  const { bringUp } = targetOf(turn, target);
  if (turn.plan.targets[target]?.bringUp !== true || incidentOf(turn, target) !== undefined) {
    return setTarget(turn, target, { bringUp: { ...bringUp, phase: 'done' } });
  }
  // A bring-up that a crash cut short goes on counting its tries: a daemon in a crash loop is no way around them.
  const tries = isBringingUp(bringUp) ? bringUp.tries : 0;
  setTarget(turn, target, { bringUp: { phase: 'pending', tries, at: turn.now.steady } });
}

/** What was seen before a gap proves no silence across it: rows that are not confirmed start over. */
function forgetSoft(turn: Turn, target: TargetId): void {
  for (const id of checksOf(turn.plan, target)) {
    const check = checkOf(turn, id);
    if (isBad(check.belief) || (check.strikes === 0 && check.badSince === undefined)) continue;
    const fresh = freshCheck(turn.now);
    const soft = {
      strikes: 0,
      goods: 0,
      badSince: undefined,
      silentSince: undefined,
      criticalSince: undefined,
      countedAt: undefined,
    };
    turn.state = { ...turn.state, checks: { ...turn.state.checks, [id]: { ...fresh, ...check, ...soft } } };
  }
}

/** The host slept or the daemon stood still: every freshness rule restarts, and nothing is acted upon for a while. */
export function resume(turn: Turn, awayMs: number): void {
  for (const target of Object.keys(turn.plan.targets)) forgetSoft(turn, target);
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

function quiet(turn: Turn, forMs: number, because: string): void {
  const until = turn.now.steady + forMs;
  turn.state = { ...turn.state, host: { ...turn.state.host, quietUntil: until, quietBecause: because } };
}

/** The config changed: what left it is closed, what joined it starts fresh (and is brought up when it is down). */
export function changePlan(turn: Turn): void {
  dropUnknown(turn);
  for (const [target, plan] of Object.entries(turn.plan.targets)) {
    const known = turn.state.targets[target];
    if (known === undefined) {
      setTarget(turn, target, {});
      continue;
    }
    const refused = known.refusedUnder !== undefined && known.refusedUnder !== plan.fingerprint;
    if (refused) setTarget(turn, target, { refusedUnder: undefined });
    if (!plan.bringUp && isBringingUp(known.bringUp))
      setTarget(turn, target, { bringUp: { ...known.bringUp, phase: 'done' } });
  }
  audit(turn, { event: 'config-loaded', target: undefined, incident: undefined, text: 'A changed config is in force' });
}

function dropUnknown(turn: Turn): void {
  for (const target of Object.keys(turn.state.targets)) {
    if (turn.plan.targets[target] !== undefined) continue;
    if (incidentOf(turn, target) !== undefined) closeIncident(turn, target);
    const { [target]: _gone, ...targets } = turn.state.targets;
    turn.state = { ...turn.state, targets };
  }
  const checks = Object.fromEntries(
    Object.entries(turn.state.checks).filter(([id]) => turn.plan.checks[id] !== undefined),
  );
  if (Object.keys(checks).length !== Object.keys(turn.state.checks).length) turn.state = { ...turn.state, checks };
  const { steady } = turn.now;
  const attempts = startsWithin(turn.state.host.attempts, turn.plan.limits.hostWindowMs, steady);
  turn.state = { ...turn.state, host: { ...turn.state.host, attempts } };
}
