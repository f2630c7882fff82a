import { once } from 'node:events';
import { join } from 'node:path';

export type LogFileOptions = {
  readonly folder: string;
  readonly maxBytes: number;
  readonly keep: number;
  /** Told how many lines were left out, once lines are written again. */
  readonly onLeftOut: (lines: number) => void;
};

export type LogFile = {
  /** Never throws, never waits. */
  write(line: string): void;
  /** While the disk is full the log must not eat up the room that was made for the state. */
  diskFull(full: boolean): void;
  /** Resolves when all is written that can be. */
  close(): Promise<void>;
};

type Stream = Awaited<ReturnType<typeof import('pino-roll')['default']>>;

const MOST_WHEN_FULL_BYTES = 64 * 1024;
/** Of lines on their way to the disk: it may have filled up, and nobody knows it before a write comes back. */
const MOST_WAITING_BYTES = 256 * 1024;
const CLOSE_WITHIN_MS = 2_000;

/**
 * `daemon.<n>.log`, 0600, rolled by size, at most `keep` of them. pino-roll keeps what it could not write and writes it
 * as soon as there is room, and that may be the reserve: so it is never given much at a time, little more while a write
 * fails or the disk is known to be full, and the rest is left out. What it cannot open it opens with a later line.
 */
export async function openLogFile(options: LogFileOptions): Promise<LogFile> {
  let stream: Stream | undefined;
  let opening = false;
  let closed = false;
  let failing = false;
  let full = false;
  let waitingBytes = 0;
  let whenFullBytes = 0;
  let leftOut = 0;

  async function open(): Promise<void> {
    opening = true;
    try {
      stream = await openRolled(options);
      // A full disk must not end the daemon; what it has to say is in the notices too.
      stream.on('error', () => {
        failing = true;
      });
      stream.on('write', (bytes: number) => {
        waitingBytes -= bytes;
        failing = false;
        tellIfWell();
      });
    } catch {
      // With the next line.
    } finally {
      opening = false;
    }
  }

  function write(line: string): void {
    if (closed) return;
    const bytes = Buffer.byteLength(line);
    if (stream !== undefined && takes(bytes)) {
      waitingBytes += bytes;
      return void stream.write(line);
    }
    leftOut += 1;
    if (stream === undefined && !opening) void open();
    // It tries again what failed with the next write only.
    if (failing) stream?.write('');
  }

  function takes(bytes: number): boolean {
    if (!full && !failing) return waitingBytes + bytes <= MOST_WAITING_BYTES;
    whenFullBytes += bytes;
    return whenFullBytes <= MOST_WHEN_FULL_BYTES;
  }

  function tellIfWell(): void {
    if (full || failing || waitingBytes > 0) return;
    whenFullBytes = 0;
    const lines = leftOut;
    leftOut = 0;
    if (lines > 0) options.onLeftOut(lines);
  }

  function diskFull(now: boolean): void {
    full = now;
    tellIfWell();
  }

  async function close(): Promise<void> {
    const open = closed ? undefined : stream;
    closed = true;
    if (open === undefined) return;
    // Not by flushSync, which tries for ever on a full disk (sonic-boom 4).
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, CLOSE_WITHIN_MS);
      const ended = (): void => {
        clearTimeout(late);
        resolve();
      };
      open.once('close', ended).once('error', ended);
      open.end();
    });
  }

  await open();
  return { write, diskFull, close };
}

/** Rejects when the file cannot be opened: such a stream throws at every write. */
async function openRolled({ folder, maxBytes, keep }: LogFileOptions): Promise<Stream> {
  const { default: roll } = await import('pino-roll');
  const stream = await roll({
    file: join(folder, 'daemon'),
    extension: '.log',
    size: `${Math.max(1, Math.round(maxBytes / 1024))}k`,
    // `count` is of old files beside the one being written.
    limit: { count: Math.max(1, keep - 1), removeOtherLogFiles: true },
    mkdir: true,
    mode: 0o600,
  });
  await once(stream, 'ready');
  return stream;
}
