import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArchiveName } from '../core/archive-name.ts';
import { expandGlob, type FoundFile } from './files.ts';

export type FoundLogs = {
  /** Of every kind; only those of kind `file` are logs that can be rotated. */
  readonly files: readonly FoundFile[];
  /** There was more to walk through than is looked at. */
  readonly truncated: boolean;
};

/**
 * What a rule for logs is about, the same for the look and for the rotation: everything that matches, but no archives,
 * which are never rotated again, and nothing in the daemon's home folder: it bounds its own logs itself.
 */
export async function findLogs(rule: {
  readonly match: string;
  readonly archiveFolder: string | undefined;
  readonly home: string | undefined;
}): Promise<FoundLogs> {
  const found = await expandGlob(rule.match);
  const left: string[] = [];
  for (const folder of [rule.archiveFolder, rule.home]) {
    if (folder === undefined) continue;
    left.push(folder, await realpath(folder).catch(() => folder));
  }
  const isLog = ({ path }: FoundFile) =>
    parseArchiveName(basename(path)) === undefined &&
    !left.some((folder) => path.startsWith(`${folder.replace(/\/+$/, '')}/`));
  return { files: found.filter(isLog), truncated: found.truncated };
}
