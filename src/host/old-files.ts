import { lstat, open, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import { expandIn } from './files.ts';

/** A file that may go. `freesBytes`: what its removal gives back, nothing while it has another name. */
export type OldFile = {
  readonly path: string;
  readonly inode: number;
  readonly device: number;
  readonly modifiedAt: number;
  readonly bytes: number;
  readonly freesBytes: number;
};

export type OldFiles = {
  /** Oldest first. */
  readonly files: readonly OldFile[];
  /** What matched and was left, by reason. */
  readonly kept: readonly { readonly count: number; readonly because: string }[];
  readonly truncated: boolean;
};

/** Folders that hold everything a system or a person has: no config can have meant to clean them, only a part of them. */
const TOPS = [
  ...['/', '/home', '/opt', '/root', '/run', '/srv', '/usr', '/usr/local', '/var', '/var/lib', '/var/log'],
  ...['/Applications', '/Library', '/Users', '/Volumes', '/private', '/private/var'],
];
/** What a system is made of, all the way down. */
const SYSTEM = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/sbin', '/sys', '/System', '/private/etc'],
  ...['/usr/bin', '/usr/lib', '/usr/lib64', '/usr/libexec', '/usr/sbin', '/usr/share'],
];

/**
 * Why nothing may be deleted in this (real) folder, `undefined` when it may. `homeFolder`: of the person, as it is named;
 * it may be a link to another disk.
 */
export async function forbiddenFolder(root: string, homeFolder: string = homedir()): Promise<string | undefined> {
  if (SYSTEM.some((folder) => isWithin(root, folder))) return 'it belongs to the system';
  if (TOPS.includes(root)) return 'it is too much';
  const home = (await realFolder(homeFolder)) ?? homeFolder;
  if (root === home) return 'it is the whole home folder';
  return isWithin(home, root) ? 'the whole home folder is in it' : undefined;
}

/** Where a folder really is; `undefined` when it is nowhere. */
export async function realFolder(folder: string): Promise<string | undefined> {
  return await realpath(folder).catch(() => undefined);
}

/** Whether a path is the folder or lies somewhere in it; both are real paths. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/**
 * The regular files of a folder that match, are older than `olderThanMs` by their last change, lie on the same disk and are no database,
 * lock or repository. `root` is a real path; no link below it is followed. `except`: folders whose files do not count.
 */
export async function findOldFiles(ask: {
  readonly root: string;
  readonly match: string;
  readonly olderThanMs: number;
  readonly nowMs: number;
  readonly except: readonly string[];
}): Promise<OldFiles> {
  const { root, match, olderThanMs, nowMs } = ask;
  const except = await Promise.all(ask.except.map(async (folder) => (await realFolder(folder)) ?? folder));
  const { dev } = await lstat(root);
  const found = await expandIn(root, match);
  const files: OldFile[] = [];
  const kept = new Map<string, number>();
  const keep = (because: string) => kept.set(because, (kept.get(because) ?? 0) + 1);
  for (const { path, kind, modifiedAt } of found) {
    if (except.some((folder) => isWithin(path, folder))) continue;
    if (kind !== 'file') {
      if (kind !== 'folder') keep('no regular files');
      continue;
    }
    if (nowMs - modifiedAt <= olderThanMs) continue;
    const now = await lstat(path).catch(() => undefined);
    if (now === undefined || !now.isFile()) continue;
    if (now.dev !== dev) keep('on another disk');
    else if (await isPrecious(path)) keep('databases or locks');
    else {
      const freesBytes = now.nlink === 1 ? now.blocks * 512 : 0;
      files.push({ path, inode: now.ino, device: now.dev, modifiedAt: now.mtimeMs, bytes: now.size, freesBytes });
    }
  }
  files.sort((a, b) => a.modifiedAt - b.modifiedAt);
  return { files, kept: [...kept].map(([because, count]) => ({ because, count })), truncated: found.truncated };
}

/** Read again right before it is removed: the very same file, unchanged, and its folder still lies in `root`. */
export async function isStillOld(file: OldFile, root: string): Promise<boolean> {
  const now = await lstat(file.path).catch(() => undefined);
  if (now === undefined || !now.isFile()) return false;
  if (now.ino !== file.inode || now.dev !== file.device || now.mtimeMs !== file.modifiedAt || now.size !== file.bytes)
    return false;
  const folder = await realpath(dirname(file.path)).catch(() => '');
  return isWithin(folder, root);
}

/** By name: SQLite with its journals, LevelDB and RocksDB, locks, pid files, keys. */
const PRECIOUS =
  /\.(sqlite3?|db3?|mdb|ldb|sst|lock|lck|pid|sock|key|pem)$|\.(sqlite3?|db3?)-\w+$|-(wal|shm|journal)$|^(MANIFEST-\d+|CURRENT|LOCK|lock)$/i;
/** A SQLite file may have any name (https://www.sqlite.org/fileformat.html §1.3). */
const SQLITE = Buffer.from('SQLite format 3\0');

async function isPrecious(path: string): Promise<boolean> {
  if (PRECIOUS.test(basename(path)) || path.includes('/.git/')) return true;
  // In a LevelDB folder even `000003.log` is a part of the database.
  if (
    /^\d{6}\.log$/.test(basename(path)) &&
    (await lstat(`${dirname(path)}/CURRENT`).catch(() => undefined)) !== undefined
  )
    return true;
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const head = Buffer.alloc(SQLITE.length);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return bytesRead === SQLITE.length && head.equals(SQLITE);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
