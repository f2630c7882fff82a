import { type Logger, pino } from 'pino';
import { openLogFile } from './log-file.ts';

export type Log = Logger;

export type LogOptions = {
  readonly folder: string;
  readonly level: string;
  readonly maxBytes: number;
  readonly keep: number;
};

export type OpenLog = {
  readonly log: Log;
  /** While the disk is full only warnings and worse are written, and not many of them. */
  diskFull(full: boolean): void;
  close(): Promise<void>;
};

/**
 * The daemon's own log: JSON lines, bounded in total. Written in this process: a worker thread would cost more memory
 * than the daemon itself.
 */
export async function openLog(options: LogOptions): Promise<OpenLog> {
  const { level, ...place } = options;
  const file = await openLogFile({
    ...place,
    onLeftOut: (lines) => log.warn({ lines }, 'log lines left out: the disk was full or too slow'),
  });
  // `base: null` leaves pid and host name out of every line: they never change within a file's life.
  const log = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, file);
  const levelWhenFull = log.isLevelEnabled('warn') ? 'warn' : level;
  function diskFull(full: boolean): void {
    log.level = full ? levelWhenFull : level;
    file.diskFull(full);
  }
  return { log, diskFull, close: file.close };
}
