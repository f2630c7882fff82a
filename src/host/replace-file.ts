import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './error-code.ts';
import { syncFolder } from './hands-files.ts';

export type Replacement = {
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** The group that the file shall have; our own when absent. */
  readonly gid?: number | undefined;
  /** Under this name, which must be free, what was in its place stays. */
  readonly asideAs?: string | undefined;
  /** The inode that is to be replaced, where one is. */
  readonly inode?: number | undefined;
};

/**
 * Puts new bytes in the place of a file, whole and durable, so that at no moment there is none. Throws the system's error,
 * EEXIST when `asideAs` is taken, and EBUSY when the file was replaced by somebody since it was looked at; then all is as
 * it was.
 */
export async function replaceFile(path: string, { bytes, mode, gid, asideAs, inode }: Replacement): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.new`);
  let isAside = false;
  try {
    await writeNew(temporary, bytes, mode, gid);
    if (asideAs !== undefined) {
      await setAside(path, asideAs);
      isAside = true;
    }
    const now = await lstat(path).catch(() => undefined);
    if (now?.ino !== inode) throw Object.assign(new Error(`${path} was changed by somebody else`), { code: 'EBUSY' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (isAside && asideAs !== undefined) await rm(asideAs, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeNew(path: string, bytes: Uint8Array, mode: number, gid: number | undefined): Promise<void> {
  const file = await open(path, 'wx', 0o600); // O_EXCL follows no link (open(2))
  try {
    await file.writeFile(bytes);
    const { uid, gid: given } = await file.stat();
    if (gid !== undefined && gid !== given) await file.chown(uid, gid);
    await file.chmod(mode & 0o777); // after chown(2), which takes bits away
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The very file gets a second name; where the disk has no links, a copy. */
async function setAside(path: string, aside: string): Promise<void> {
  try {
    return await link(path, aside);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
  }
  const source: FileHandle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode, gid } = await source.stat();
    await writeNew(aside, await source.readFile(), mode, gid);
  } finally {
    await source.close();
  }
}
