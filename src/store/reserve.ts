import { randomBytes } from 'node:crypto';
import { open, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './durable-file.ts';
import { isMissing, isNoRoom } from './errno.ts';

export type Room = <R>(task: () => Promise<R>) => Promise<R>;

export type Reserve = {
  /** Runs a write; when the disk is full, frees the reserve (then the last resort) and runs it again. */
  readonly room: Room;
  /** True from the first write that found no room until the reserve is whole again. */
  degraded(): boolean;
  /** Makes the reserve whole again when there is room for four of it; says whether it is whole. Cheap when it is. */
  replenish(): Promise<boolean>;
};

export type ReserveOptions = {
  readonly path: string;
  readonly bytes?: number;
  /** Called whenever a write found no room, before it is tried again: cuts short what else grows on this disk. */
  readonly makeRoom?: () => void;
  /** What else may go when the reserve was not enough: the history. */
  readonly lastResort?: () => Promise<void>;
  readonly onChange?: (degraded: boolean) => void;
};

const CHUNK_BYTES = 64 * 1024;

/**
 * Space set aside on good days, so that on a full disk state, alerts and audit can still be written. A full disk at
 * opening is no error: the reserve is made later, by `replenish`.
 */
export async function openReserve(options: ReserveOptions): Promise<Reserve> {
  const { path, bytes = 1024 * 1024 } = options;
  let whole = (await sizeOf(path)) === bytes;
  let low = false;

  function becomes(degraded: boolean): void {
    if (low === degraded) return;
    low = degraded;
    options.onChange?.(degraded);
  }

  async function free(): Promise<void> {
    whole = false;
    becomes(true);
    try {
      await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    options.makeRoom?.();
    // ext4 hands freed blocks out again only after its journal is committed: this waits for that.
    await syncFolder(dirname(path));
  }

  async function room<R>(task: () => Promise<R>): Promise<R> {
    try {
      return await task();
    } catch (error) {
      if (!isNoRoom(error)) throw error;
    }
    await free();
    try {
      return await task();
    } catch (error) {
      if (!isNoRoom(error) || options.lastResort === undefined) throw error;
    }
    await options.lastResort();
    return task();
  }

  async function replenish(): Promise<boolean> {
    if (whole) return true;
    try {
      const { bavail, bsize } = await statfs(dirname(path));
      if (bavail * bsize < 4 * bytes) becomes(true);
      else {
        await fill(path, bytes);
        whole = true;
        becomes(false);
      }
    } catch {
      // A quota is not seen by statfs, and a disk may fill up meanwhile: then it is tried again later.
      becomes(true);
    }
    return whole;
  }

  await replenish();
  return { room, degraded: () => low, replenish };
}

/** Writes real blocks: a sparse file reserves nothing, and zeros are compressed away by btrfs and ZFS. */
async function fill(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
      await file.writeFile(randomBytes(Math.min(left, CHUNK_BYTES)));
    }
    await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
