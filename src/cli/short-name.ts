import { existsSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { clean } from '../text/clean.ts';

/**
 * What a person types on this terminal to run this program. From a fresh clone nothing named jarvis-health is on the PATH,
 * and a hint that ends in "command not found" is worse than none.
 */
export function shortName(env: NodeJS.ProcessEnv, executable = process.argv[1], cwd = process.cwd()): string {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  if (executable === undefined || folders.some((folder) => existsSync(join(folder, 'jarvis-health'))))
    return 'jarvis-health';
  const near = relative(cwd, executable);
  const path = clean(near.startsWith('..') ? executable : near, 200);
  return `node ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`}`;
}
