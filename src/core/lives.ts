import { planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** systemd.unit(5), StartLimitBurst=: five starts in a row are what it calls too many. */
const TOO_MANY = 5;

/**
 * A new process has taken the place of the one before, and it was not we who started it. A process that is replaced
 * within its start-up grace had a short life; one that is old already ends the row.
 */
export function countLife(turn: Turn, target: TargetId, ageMs: number): void {
  const { startGraceMs } = planOf(turn, target).policy;
  const { shortLives } = targetOf(turn, target);
  const bornAt = turn.now.steady - ageMs;
  if (ageMs >= startGraceMs) return setTarget(turn, target, { shortLives: undefined });
  const isShort = shortLives !== undefined && bornAt - shortLives.bornAt < startGraceMs;
  const row = isShort
    ? { ...shortLives, count: shortLives.count + 1, bornAt }
    : { count: 0, since: { at: turn.now.at - ageMs, steady: bornAt }, bornAt };
  setTarget(turn, target, { shortLives: row });
}

/**
 * The steady time until which something else is believed to start the service again and again: it ends when one
 * process outlives its grace. `undefined` when it is not so.
 */
export function restartedUntil(turn: Turn, target: TargetId): number | undefined {
  const { shortLives } = targetOf(turn, target);
  if (shortLives === undefined || shortLives.count < TOO_MANY) return undefined;
  const until = shortLives.bornAt + planOf(turn, target).policy.startGraceMs;
  return turn.now.steady < until ? until : undefined;
}
