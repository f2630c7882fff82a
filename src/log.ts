import { join } from 'node:path';
import { type Logger, pino } from 'pino';

export type Log = Logger;

export type LogOptions = {
  readonly folder: string;
  readonly level: string;
  readonly maxBytes: number;
  readonly keep: number;
};

/**
 * The daemon's own log: JSON lines in `daemon.<n>.log`, rolled by size and at most `keep` files, so it is bounded in
 * total. Written in this process: a worker thread would cost more memory than the daemon itself.
 */
export async function openLog(options: LogOptions): Promise<{ readonly log: Log; close(): void }> {
  const { default: roll } = await import('pino-roll');
  const stream = await roll({
    file: join(options.folder, 'daemon'),
    extension: '.log',
    size: `${Math.max(1, Math.round(options.maxBytes / 1024))}k`,
    // `count` is of old files beside the one being written.
    limit: { count: Math.max(1, options.keep - 1), removeOtherLogFiles: true },
    mkdir: true,
  });
  // A full disk must not end the daemon; what it has to say is in the notices too.
  stream.on('error', () => undefined);
  // `base: null` leaves pid and host name out of every line: they never change within a file's life.
  const log = pino({ level: options.level, base: null, formatters: { level: (label) => ({ level: label }) } }, stream);
  return { log, close: () => stream.flushSync() };
}
