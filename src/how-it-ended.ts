import type { Event } from './core/events.ts';
import { monotonicMs } from './host/clock.ts';
import { sizeOf } from './host/found-file.ts';
import type { OomKills } from './host/oom-kills.ts';
import { lastWordsIn } from './host/tail.ts';

/** What a shell, and an engine of containers, makes of a SIGKILL: 128 and the number of the signal. */
const KILLED_IN_SHELL = 137;

type End = {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly outOfMemory?: string;
};

/** SIGKILL alone says nothing of memory; with a count of the kernel that rose at that time it does. */
export function ofMemory(
  { exitCode, signal, outOfMemory }: End,
  oomKills: Pick<OomKills, 'lately'> | undefined,
): { readonly outOfMemory?: string } {
  if (outOfMemory !== undefined) return { outOfMemory };
  const isKilled = signal === 'SIGKILL' || exitCode === KILLED_IN_SHELL;
  const why = isKilled ? oomKills?.lately(monotonicMs()) : undefined;
  return why === undefined ? {} : { outOfMemory: why };
}

/**
 * Called before a step begins; what it returns is called when a process that the step started has ended. Only what was
 * printed in between are the last words of this end.
 */
export function tellEnd(
  target: string,
  options: unknown,
  { push, oomKills }: { readonly push: (event: Event) => void; readonly oomKills?: Pick<OomKills, 'lately'> },
): (end: End) => void {
  const logFile = logFileOf(options);
  const fromByte = logFile === undefined ? 0 : sizeOf(logFile);
  return (end) => {
    const { exitCode, signal } = end;
    const lastLines = logFile === undefined ? [] : wordsSince(logFile, fromByte);
    push({ type: 'exited', target, exitCode, signal, lastLines, ...ofMemory(end, oomKills) });
  };
}

function logFileOf(options: unknown): string | undefined {
  const file = typeof options === 'object' && options !== null && 'logFile' in options ? options.logFile : undefined;
  return typeof file === 'string' ? file : undefined;
}

/** A log that was put aside meanwhile is shorter than it was, and all new. */
function wordsSince(logFile: string, fromByte: number): readonly string[] {
  return lastWordsIn(logFile, sizeOf(logFile) < fromByte ? 0 : fromByte);
}
