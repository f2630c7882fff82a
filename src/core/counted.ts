import { countOnHost, HOUR_MS, startsWithin } from './limits.ts';
import type { Attempt } from './state.ts';
import { audit, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

const ATTEMPTS_KEPT = 10;

/** Keeps what the hourly count and `incidents show` need. */
export function kept(attempts: readonly Attempt[], steady: number): readonly Attempt[] {
  return attempts.filter(
    (attempt, index) => index >= attempts.length - ATTEMPTS_KEPT || steady - attempt.started.steady < HOUR_MS,
  );
}

export function attemptsThisHour(turn: Turn, target: TargetId): number {
  const automatic = targetOf(turn, target).attempts.filter((attempt) => !attempt.manual);
  return startsWithin(
    automatic.map((attempt) => attempt.started.steady),
    HOUR_MS,
    turn.now.steady,
  ).length;
}

export function countForHost(turn: Turn): void {
  const before = turn.state.host;
  const host = countOnHost(before, turn.plan.limits, turn.now);
  turn.state = { ...turn.state, host };
  if (host.breakerUntil !== before.breakerUntil) {
    audit(turn, {
      event: 'breaker-opened',
      target: undefined,
      incident: undefined,
      text: `${host.attempts.length} recoveries on this host in a short time: automatic recovery rests for ${Math.round(turn.plan.limits.breakerForMs / 60_000)} min`,
    });
  }
}
