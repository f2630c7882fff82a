import { startLine } from './owner.ts';
import { type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** What a person types to start again what a person has stopped; `undefined` when nobody is known to have stopped it. */
export function startOfStopped(turn: Turn, target: TargetId): string | undefined {
  const { hostHolds, owner } = targetOf(turn, target);
  const isStopped = hostHolds.some(({ kind, cap }) => kind === 'stopped-by-person' && turn.now.steady < cap);
  if (!isStopped) return undefined;
  return owner === undefined ? `jarvis-health recover ${target}` : startLine(owner);
}
