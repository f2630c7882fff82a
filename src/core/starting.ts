import type { TargetPolicy } from './plan.ts';
import { planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { Result, TargetId } from './types.ts';

const STRETCH_MS = 30_000;
/** Share of one core below which a process is only idling: timers of a waiting program cost less. */
const WORKING_SHARE = 0.02;
const LEARNED_KEPT = 10;

/** How long a start may take: three times the slowest the service has needed, never below the floor or above the cap. */
function graceMs(policy: TargetPolicy, startTimesMs: readonly number[]): number {
  return Math.min(policy.startGraceCapMs, Math.max(policy.startGraceMs, 3 * Math.max(0, ...startTimesMs)));
}

/** From now on the service is starting: refused and silent looks are expected and leave no strike. */
export function beginStarting(turn: Turn, target: TargetId, ageMs = 0): void {
  const { policy } = planOf(turn, target);
  const since = { at: turn.now.at - ageMs, steady: turn.now.steady - ageMs };
  const until = since.steady + graceMs(policy, targetOf(turn, target).startTimesMs);
  setTarget(turn, target, { starting: { since, until, cap: since.steady + policy.startGraceCapMs } });
}

/** A service may begin anew inside its process, which then is old. It is starting all the same. */
export function beginAnew(turn: Turn, result: Result): void {
  const runAgeMs = result.metrics['runAgeMs'];
  if (runAgeMs === undefined || result.status === 'ok') return;
  const isYoung = runAgeMs < planOf(turn, result.target).policy.startGraceMs;
  if (isYoung && targetOf(turn, result.target).starting === undefined) beginStarting(turn, result.target, runAgeMs);
}

/**
 * A start that still burns CPU or writes its log is at work, not stuck: its grace is stretched up to the cap.
 * `before` is the previous look of the same check that carried the same figures.
 */
export function stretchStarting(turn: Turn, before: Result | undefined, result: Result): void {
  const { starting } = targetOf(turn, result.target);
  if (starting === undefined || before === undefined || !isProgress(before, result)) return;
  const until = Math.min(starting.cap, Math.max(starting.until, turn.now.steady + STRETCH_MS));
  setTarget(turn, result.target, { starting: until === starting.until ? starting : { ...starting, until } });
}

function isProgress(before: Result, result: Result): boolean {
  const grew = (name: string): number =>
    (result.metrics[name] ?? 0) - (before.metrics[name] ?? result.metrics[name] ?? 0);
  const readAt = before.metrics['readAt'] ?? before.steady;
  return grew('cpuMs') > WORKING_SHARE * (result.steady - readAt) || grew('logBytes') > 0;
}

/** The start came to its end well: learn how long it took. */
export function learnStart(turn: Turn, target: TargetId): void {
  const { starting, startTimesMs } = targetOf(turn, target);
  if (starting === undefined) return;
  const tookMs = Math.max(0, turn.now.steady - starting.since.steady);
  setTarget(turn, target, { starting: undefined, startTimesMs: [...startTimesMs, tookMs].slice(-LEARNED_KEPT) });
}
