import { constants, ftruncateSync, readSync } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_LOG_BYTES } from './service-log.ts';

export type BoundedLog = { readonly file: string; readonly droppedBytes: number; readonly keptBytes: number };

const CHUNK_BYTES = 256 * 1_024;

/**
 * Keeps each `*.log` in the folder of service logs from growing without end while its service writes: when one is
 * longer than `maxBytes`, its end (at most as much) is copied to `.1` and the log is emptied in place. This is safe for
 * these files and no others, because we opened them for appending. Lines written in the few µs between the last read
 * and the emptying are lost: better than a full disk. When there is no room for the copy the log is emptied all the
 * same. Call it every few seconds; looking costs one `lstat` a log. So a service has at most twice `maxBytes` on disk,
 * and what it can print between two calls.
 */
export async function boundServiceLogs(folder: string, maxBytes = MOST_LOG_BYTES): Promise<readonly BoundedLog[]> {
  if (busy.has(folder)) return []; // the last call still waits for a slow disk
  busy.add(folder);
  try {
    return await boundAll(folder, maxBytes);
  } finally {
    busy.delete(folder);
  }
}

const busy = new Set<string>();

async function boundAll(folder: string, maxBytes: number): Promise<readonly BoundedLog[]> {
  const names = await readdir(folder).catch(() => []);
  const bounded: BoundedLog[] = [];
  for (const name of names.filter((one) => one.endsWith('.log'))) {
    const file = join(folder, name);
    const stat = await lstat(file).catch(() => undefined);
    if (stat?.isFile() !== true || stat.size <= maxBytes) continue;
    const result = await boundOne(file, maxBytes).catch(() => undefined);
    if (result !== undefined) bounded.push(result);
  }
  return bounded;
}

async function boundOne(file: string, maxBytes: number): Promise<BoundedLog> {
  const log = await open(file, constants.O_RDWR | constants.O_NOFOLLOW);
  const temporary = `${file}.1.new`;
  try {
    const { size } = await log.stat();
    const keptBytes = await moveEnd(log.fd, temporary, size - maxBytes, maxBytes);
    if (keptBytes > 0) await rename(temporary, `${file}.1`);
    else await rm(temporary, { force: true });
    return { file, droppedBytes: Math.max(0, size - keptBytes), keptBytes };
  } finally {
    await log.close();
  }
}

/** Copies from `start` until it has caught up with the writer, or has twice the bound: a writer may be faster than we are. */
async function moveEnd(log: number, to: string, start: number, maxBytes: number): Promise<number> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let copied = 0;
  let copy: FileHandle | undefined;
  try {
    copy = await open(to, 'w', 0o600);
    for (;;) {
      const length = copied < 2 * maxBytes ? readSync(log, chunk, 0, chunk.length, start + copied) : 0;
      if (length === 0) break;
      await copy.writeFile(chunk.subarray(0, length));
      copied += length;
    }
  } catch {
    copied = 0; // no room for the copy
  } finally {
    ftruncateSync(log, 0);
    await copy?.close();
  }
  return copied;
}
