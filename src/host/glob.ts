import { lstat, opendir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { type FoundFile, fileFrom } from './found-file.ts';

/** `truncated`: there was more to walk through than is looked at, so files may be missing. */
export type FoundFiles = readonly FoundFile[] & { readonly truncated: boolean };

const MOST_ENTRIES = 10_000;
const DEEPEST = 32;
const NOT_ENTERED = new Set(['node_modules', '.git']);

/**
 * The files that match an absolute path pattern (`*`, `**`, `?`, `[…]`, `{a,b}`; names with a leading dot only where
 * the pattern has it), by path. No symbolic link is followed below the fixed beginning of the pattern, a link that
 * matches is listed as one; `node_modules` and `.git` are not entered. What cannot be read is as if it were not there.
 */
export async function expandGlob(pattern: string, mostEntries = MOST_ENTRIES): Promise<FoundFiles> {
  const { base, glob } = picomatch.scan(pattern);
  if (glob === '') return withTruncated(await look(resolve(base)), false);
  return await expandIn(resolve(base), glob, mostEntries);
}

/** The same for a pattern within a folder, whose own name may hold anything. */
export async function expandIn(base: string, glob: string, mostEntries = MOST_ENTRIES): Promise<FoundFiles> {
  const isMatch = picomatch(glob);
  // A `**` goes down as far as it likes, anything else as far as it has slashes.
  const depth = glob.includes('**') ? DEEPEST : glob.split('/').length;
  const found: FoundFile[] = [];
  let entries = 0;
  let level: readonly string[] = [''];
  for (let deep = 1; deep <= depth && level.length > 0; deep += 1) {
    const next: string[] = [];
    for (const folder of level) {
      for await (const entry of entriesOf(join(base, folder))) {
        entries += 1;
        if (entries > mostEntries) return withTruncated(found, true);
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (isMatch(path)) found.push(...(await look(join(base, path))));
        if (entry.isDirectory() && !NOT_ENTERED.has(entry.name)) next.push(path);
      }
    }
    level = next;
  }
  return withTruncated(found, level.length > 0 && depth === DEEPEST);
}

async function* entriesOf(folder: string) {
  try {
    // In parts: a folder may have a million names, and we stop long before.
    for await (const entry of await opendir(folder, { bufferSize: 256 })) yield entry;
  } catch {
    // Not there, not a folder, not allowed, or gone meanwhile.
  }
}

async function look(path: string): Promise<readonly FoundFile[]> {
  const stat = await lstat(path).catch(() => undefined);
  return stat === undefined ? [] : [fileFrom(path, stat)];
}

function withTruncated(files: readonly FoundFile[], truncated: boolean): FoundFiles {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Object.assign(sorted, { truncated });
}
