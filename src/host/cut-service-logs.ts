import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Of all logs of services together: a quarter of the reserve (src/store/reserve.ts). */
const MOST_WHEN_FULL_BYTES = 256 * 1_024;

/**
 * Makes room on a full disk: each `*.log` in the folder of service logs that is longer than its share of `mostBytes` is
 * cut in place to its last lines, at most half that share. What was put aside before (`.1`) grows no more and stays.
 * Like `boundServiceLogs` it is for these files only, because we opened them for appending, and what a service writes
 * in the few µs meanwhile is lost. Synchronous, and without a wait for the disk. Says how many bytes went.
 */
export function cutServiceLogs(folder: string, mostBytes = MOST_WHEN_FULL_BYTES): number {
  const files = logsIn(folder);
  const share = Math.floor(mostBytes / Math.max(1, files.length));
  return files.reduce((freed, file) => freed + cutOne(file, share), 0);
}

function logsIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
    return names
      .map((name) => join(folder, name))
      .filter((file) => lstatSync(file, { throwIfNoEntry: false })?.isFile() === true);
  } catch {
    return [];
  }
}

function cutOne(file: string, share: number): number {
  let log: number;
  try {
    log = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return 0;
  }
  try {
    const stat = fstatSync(log);
    if (!stat.isFile() || stat.size <= share) return 0;
    const end = Buffer.alloc(Math.floor(share / 2));
    const length = readSync(log, end, 0, end.length, stat.size - end.length);
    const from = end.indexOf('\n') + 1; // a whole line, where there is one
    ftruncateSync(log, 0);
    writeSync(log, end.subarray(from, length));
    return stat.size - (length - from);
  } catch {
    return 0; // no room even for the end: then the log is empty
  } finally {
    closeSync(log);
  }
}
