import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';

/**
 * What a person types on this terminal to run this program. From a fresh clone nothing named jarvis-health is on the PATH,
 * and a hint that ends in "command not found" is worse than none.
 */
export function shortName(env: NodeJS.ProcessEnv, executable = process.argv[1], cwd = process.cwd()): string {
  if (executable === undefined || isOnPath(env)) return 'jarvis-health';
  const near = relative(cwd, executable);
  return `node ${asWord(near.startsWith('..') ? executable : near)}`;
}

/** The command that starts the daemon of this home folder, from wherever it is typed. */
export function startCommand(env: NodeJS.ProcessEnv, home: string, executable = process.argv[1]): string {
  const name = executable === undefined || isOnPath(env) ? 'jarvis-health' : `node ${asWord(executable)}`;
  const where = home === join(homedir(), 'jarvis-health') ? '' : ` --home ${asWord(home)}`;
  return `${name}${where} start`;
}

function isOnPath(env: NodeJS.ProcessEnv): boolean {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return folders.some((folder) => existsSync(join(folder, 'jarvis-health')));
}

/** Quoted where a shell needs it. */
export function asWord(path: string): string {
  const shown = path.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd').slice(0, 200);
  return /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
