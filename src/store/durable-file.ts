import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf, isMissing } from './errno.ts';

export type WriteOptions = {
  readonly mode?: number;
  /** Runs when the new bytes are safe under their temporary name and the old file is still in its place. */
  readonly beforeSwap?: () => Promise<void>;
};

const TEMPORARY = /^\..+\.\d+-\d+\.tmp$/;
let serial = 0;

/**
 * Replaces the file at `path`, or leaves it as it was: after a crash at any moment it holds the old or the new bytes,
 * whole. When the promise resolves the new bytes survive a power cut; when it rejects, the old bytes are in place or
 * (only when the folder could not be synced) the new ones without that promise. Rejects with the system's error.
 *
 * Asynchronous on purpose: fsync of a busy disk takes up to seconds, and looks at services must go on meanwhile.
 * The order is the one of rename(2) and fsync(2): data, name, folder. libuv uses F_FULLFSYNC on macOS.
 */
export async function writeDurably(
  path: string,
  bytes: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  serial += 1;
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${serial}.tmp`);
  // 'wx': never write through a link or a file that someone else put there.
  const file = await open(temporary, 'wx', options.mode ?? 0o600);
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await options.beforeSwap?.();
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** Makes created, renamed and removed names in `folder` survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, 'r');
  try {
    await file.sync();
  } catch (error) {
    // Some network and FUSE file systems do not know fsync on a folder; there is nothing better to be had there.
    if (errnoOf(error) !== 'EINVAL' && errnoOf(error) !== 'ENOTSUP') throw error;
  } finally {
    await file.close();
  }
}

/**
 * The bytes of a regular file, or `undefined` when there is none. Throws when it is something else, has more than
 * `maxBytes`, or cannot be read. A FIFO put in the place of a file does not block it.
 */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > maxBytes) throw new Error(`it has ${stat.size} bytes, at most ${maxBytes} are read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Removes what interrupted writes left in `folder`. Only for the one writer: it would break a write under way. */
export async function sweepTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (TEMPORARY.test(name)) await unlink(join(folder, name)).catch(() => undefined);
  }
}
