import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './error-code.ts';

/** Where a file really is; `stat` is undefined while there is none. */
export type SafePlace = { readonly path: string; readonly folder: string; readonly stat: Stats | undefined };

/**
 * Finds the regular file that may be replaced by us, or says why none may: it is no file of ours, a link leads out of its
 * folder, or somebody else could put another folder in the place of one on the way to it. `orRoots`: root's will do.
 */
export async function safePlace(
  file: string,
  { orRoots = false }: { readonly orRoots?: boolean } = {},
): Promise<SafePlace | { readonly because: string }> {
  const folder = await realpath(dirname(file)).catch(() => undefined);
  if (folder === undefined) return { because: `its folder ${dirname(file)} does not exist` };
  const named = join(folder, basename(file));
  const link = await lstat(named).catch(missing);
  const path = link?.isSymbolicLink() === true ? await realpath(named).catch(() => undefined) : named;
  if (path === undefined) return { because: 'it is a link to nowhere' };
  if (dirname(path) !== folder) return { because: `it is a link out of its folder, to ${path}` };
  const seen = await lstat(path).catch(missing);
  if (seen !== undefined && !seen.isFile()) return { because: 'it is not a regular file' };
  const own = process.geteuid?.();
  if (seen !== undefined && seen.uid !== own && !(orRoots && seen.uid === 0))
    return { because: `it belongs to another user (${seen.uid})` };
  const open = await openToOthers(folder, own);
  return open === undefined ? { path, folder, stat: seen } : { because: open };
}

/** The folder and all above it: whoever may rename one of them decides what lies at the path. */
async function openToOthers(folder: string, own: number | undefined): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const { uid, mode } = await stat(at);
    if (uid !== 0 && uid !== own) return `the folder ${at} belongs to another user (${uid})`;
    // In a sticky folder (/tmp) only the owner of a name may rename it.
    if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0) return `everybody may write to the folder ${at}`;
    if (at === dirname(at)) return undefined;
  }
}

function missing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}
