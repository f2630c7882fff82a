import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { archiveName, byAge, parseArchiveName } from '../core/archive-name.ts';
import type { FoundFile } from './files.ts';

/** A path in `folder` for the next archive of a log, taken by no archive, plain or compressed. */
export async function freeArchivePath(folder: string, log: string, nowMs: number): Promise<string> {
  for (let seq = 1; ; seq += 1) {
    const path = join(folder, archiveName(basename(log), nowMs, seq));
    if (!(await exists(path)) && !(await exists(`${path}.gz`))) return path;
  }
}

/** The archives of this very log in `folder`, newest first: regular files only. */
export async function archivesOf(log: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const archives = names.flatMap((name) => {
    const parsed = parseArchiveName(name);
    return parsed?.log === basename(log) ? [{ ...parsed, path: join(folder, name) }] : [];
  });
  const files: string[] = [];
  for (const { path } of archives.toSorted(byAge)) {
    if ((await lstat(path).catch(() => undefined))?.isFile()) files.push(path);
  }
  return files;
}

/** The path still leads to the very file that was looked at, and not to a link or a new file in its place. */
export async function isStill(file: FoundFile): Promise<boolean> {
  const now = await lstat(file.path).catch(() => undefined);
  return now?.isFile() === true && now.ino === file.inode;
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
