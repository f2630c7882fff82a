import { classify, type End } from './classify.ts';
import { REFUSED_CONFIG_EXIT } from './ends.ts';
import { refuse } from './refused.ts';
import { attemptAtWork } from './running.ts';
import { setTarget, type Turn } from './turn.ts';
import type { TargetId } from './types.ts';

/** A process of the service has ended. */
export function hearEnd(turn: Turn, target: TargetId, end: End): void {
  // A step that is at work ends it itself, and then starts it anew.
  keepEnd(turn, target, end, attemptAtWork(turn, target)?.phase === 'acting');
}

/** A start command has ended at once: nothing that was done to it before the start. */
export function startEnded(turn: Turn, target: TargetId, end: End): void {
  keepEnd(turn, target, end, false);
}

function keepEnd(turn: Turn, target: TargetId, end: End, isOurs: boolean): void {
  const { exitCode, signal, lastLines, outOfMemory } = end;
  setTarget(turn, target, {
    lastExit: {
      ...{ at: turn.now, exitCode, signal, lastLines },
      ...(outOfMemory === undefined ? {} : { outOfMemory }),
      ...(isOurs ? { ours: true } : {}),
    },
  });
  if (isRefusal(end)) refuse(turn, target);
}

/** It ended because it does not accept its configuration: exit 78, and what clawdbot says with 1. */
export function isRefusal(end: End): boolean {
  if (end.exitCode === REFUSED_CONFIG_EXIT) return true;
  return classify({ reason: 'gone', message: '', exit: end }).class === 'refused-configuration';
}
