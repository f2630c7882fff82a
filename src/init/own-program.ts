import { baseName } from '../core/command-line.ts';
import type { Owner } from '../core/owner.ts';
import { programIn } from '../core/program.ts';
import { isBelow } from './folders.ts';
import type { Seen, SeenPort, SeenProcess } from './seen.ts';

/** What runs a person's own scripts; java and the like run what was bought as well. */
const RUNS_SCRIPTS = /^(python|pypy|node|nodejs|bun|deno|tsx|ts-node|ruby|perl|php|lua)[\d.]*$/;
/** Where packages put their programs. */
const PACKAGED = /^\/(usr|opt|bin|sbin|lib|snap|nix|etc|var\/lib|Applications|Library|System)\//;

/**
 * Why it may be more than a web app of the person who asked, as a whole sentence; `undefined` when all speaks for that.
 * Lists of databases have no end, so it is asked what speaks for it: whoever owns it is the person's own, the program is
 * a script or lies in their home folder, and it answers HTTP.
 */
export function notPlainlyOwn(
  process: SeenProcess,
  owner: Owner,
  answer: SeenPort['answer'] | undefined,
  seen: Pick<Seen, 'uid' | 'homeFolder'>,
): string | undefined {
  if (!isPersons(owner)) return 'Its owner belongs to the whole host.';
  if (process.uid !== seen.uid) return 'It runs as another user.';
  if (!isOwnProgram(process, seen.homeFolder)) return 'Its program came with the system or a package, as databases do.';
  const speaks = answer !== undefined && ['healthy', 'page', 'failing'].includes(answer.kind);
  return speaks ? undefined : 'It does not speak HTTP at a lasting port.';
}

function isPersons(owner: Owner): boolean {
  switch (owner.kind) {
    case 'systemd':
      return owner.scope === 'user';
    case 'launchd':
      return owner.domain !== 'system';
    case 'pm2':
      return true;
    case 'container':
      return false;
  }
}

function isOwnProgram({ argv, cwd }: SeenProcess, homeFolder: string): boolean {
  const word = argv[programIn(argv)?.last ?? 0] ?? '';
  const isPersonsFile = (path: string) => homeFolder !== '/' && isBelow(path, homeFolder) && path !== homeFolder;
  if (word.startsWith('/') && isPersonsFile(word)) return true;
  if (PACKAGED.test(word)) return false;
  // A title, or a script that is named without its folder.
  return RUNS_SCRIPTS.test(baseName(argv[0] ?? '')) || (cwd !== undefined && isPersonsFile(cwd));
}
