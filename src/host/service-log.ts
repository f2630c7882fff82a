import { closeSync, constants, fstatSync, lstatSync, openSync, renameSync } from 'node:fs';
import { codeOf } from './error-code.ts';

/** At the start of a service a longer log is put aside as `.1`; while it runs `boundServiceLogs` does that. */
export const MOST_LOG_BYTES = 20 * 1_024 * 1_024;

export type ServiceLog = {
  /** For standard output and error of the service; the caller closes it. */
  readonly descriptor: number;
  /** Where this start's output begins in the file. */
  readonly fromByte: number;
  /** Why the output goes nowhere, when the log could not be opened: a full disk must not keep a service down. */
  readonly lost: string | undefined;
};

/**
 * Opens the log of a service for appending, 0600. What appends can be truncated while it runs without leaving a hole
 * of zeros, and only this makes the bound possible. Neither a link nor a pipe is written to: somebody put it there.
 */
export function openServiceLog(file: string): ServiceLog {
  try {
    rotateBeforeStart(file);
    const flags =
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const descriptor = openSync(file, flags, 0o600);
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return { descriptor, fromByte: stat.size, lost: undefined };
    closeSync(descriptor);
    return nowhere(`${file} is no regular file`);
  } catch (error) {
    return nowhere(`${file} could not be opened (${codeOf(error) ?? 'unknown reason'})`);
  }
}

function nowhere(lost: string): ServiceLog {
  return { descriptor: openSync('/dev/null', 'a'), fromByte: 0, lost };
}

function rotateBeforeStart(file: string): void {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() === true && stat.size > MOST_LOG_BYTES) renameSync(file, `${file}.1`);
}
