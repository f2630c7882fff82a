import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { codeOf } from './error-code.ts';

const CHUNK_BYTES = 256 * 1_024;

/** Renames, but never over something: an archive of the same name would be lost. Throws `EEXIST` then. */
export async function renameNew(from: string, to: string): Promise<void> {
  await mustNotExist(to);
  await rename(from, to);
}

/** The same for a file that only we know, and without a moment between: link(2) itself refuses. Some disks have no links. */
async function linkNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    return await renameNew(from, to);
  }
  await unlink(from);
}

/** Removes one file, or a link itself and not what it points to. Throws for folders. */
export async function removeFile(file: string): Promise<void> {
  await unlink(file);
}

/**
 * Writes `archive`, which may lie on another disk, with the mode and the time of the original, so that rules by age
 * still see it, and removes the original only when the archive is on the disk. Throws, and leaves the original, when
 * that grew meanwhile. Others may write in the folder too: no name of theirs is followed or written over.
 */
export async function gzipFile(file: string, archive: string = `${file}.gz`): Promise<string> {
  const temporary = `${archive}.${randomBytes(6).toString('hex')}.new`;
  await mustNotExist(archive);
  const source = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const before = await source.stat();
    if (!before.isFile()) throw new Error(`${file} is no regular file`);
    try {
      const target = await open(temporary, 'wx', before.mode & 0o777); // O_EXCL follows no link (open(2))
      try {
        await pipeline(chunksOf(source), createGzip(), async (packed: AsyncIterable<Buffer>) => {
          for await (const chunk of packed) await target.writeFile(chunk);
        });
        await target.utimes(before.atime, before.mtime);
        await target.sync();
      } finally {
        await target.close();
      }
      const after = await lstat(file);
      if (after.ino !== before.ino || after.size !== before.size)
        throw new Error(`${file} changed while it was compressed`);
      await linkNew(temporary, archive);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(archive));
    await unlink(file);
    return archive;
  } finally {
    await source.close();
  }
}

async function* chunksOf(source: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await source.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) return;
    yield chunk.subarray(0, bytesRead);
  }
}

async function mustNotExist(path: string): Promise<void> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  );
  if (there) throw Object.assign(new Error(`${path} exists already`), { code: 'EEXIST' });
}

/** A rename is durable only when its folder is (fsync(2)). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
