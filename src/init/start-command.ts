import { isSecretName } from '../config/secret.ts';
import { isInterpreter, programIn } from '../core/program.ts';
import type { StartCommand } from './proposal.ts';
import type { SeenProcess } from './seen.ts';

/** A command made from a running process, or why none can be made, as a whole sentence. */
export type StartGuess = { readonly start: StartCommand } | { readonly why: string };

/** What would start a process again, as far as its command line, its folder and `PORT` tell. */
export function guessStart({ argv, cwd, program, portVariable, uid }: SeenProcess, ownUid: number): StartGuess {
  if (uid !== ownUid) return { why: 'It runs as another user, so it cannot be started from here.' };
  const [first = ''] = argv;
  // A program that rewrote its title has it all in one word.
  if (argv.length === 1 && first.includes(' ')) return { why: 'Its command line does not tell how it was started.' };
  if (programIn(argv) === undefined || (argv.length < 2 && isInterpreter(first)))
    return { why: 'Its command line does not tell which program it runs.' };
  if (argv.some(holdsSecret))
    return { why: 'Its command line seems to hold a secret, so it is not written here; see docs/config.md, env.' };
  if (cwd?.endsWith(' (deleted)') === true) return { why: 'The folder it was started in is gone.' };
  if (argv.some((word) => word.includes('\ufffd')) || cwd === undefined || /\p{Cc}/u.test(cwd))
    return { why: 'Its folder or command line cannot be written down.' };
  const [, ...rest] = argv;
  const env = portVariable === undefined ? {} : { env: { PORT: portVariable } };
  return { start: { argv: [program ?? first, ...rest], cwd, ...env } };
}

/** `--token=…`, `--api-key`, `postgres://user:password@…`. */
function holdsSecret(word: string): boolean {
  if (/\/\/[^/@\s]*:[^/@\s]+@/.test(word)) return true;
  const [name = ''] = word.split('=');
  return (word.startsWith('-') || word.includes('=')) && isSecretName(name);
}

/** Files that are called the same in many projects. */
const COMMON = /^(app|main|server|index|run|start|manage|wsgi|asgi|bot|web|api|http\.server)(\.\w+)?$/;

/**
 * The part of a command line that names this one program: its script. `undefined` where the name says too little, as
 * `app.py` does: then its port tells which one it is.
 */
export function guessMatch({ argv }: SeenProcess): string | undefined {
  const [only = ''] = argv;
  if (argv.length === 1 && only.includes(' ')) return undefined;
  const program = programIn(argv);
  const word = program === undefined ? undefined : argv[program.last];
  if (word === undefined || word.length < 5 || word.length > 300 || /\p{Cc}|\ufffd|\s/u.test(word)) return undefined;
  if (isInterpreter(word) || /^\/.*\/$/.test(word)) return undefined;
  return COMMON.test(word) || (!word.startsWith('/') && COMMON.test(word.slice(word.lastIndexOf('/') + 1)))
    ? undefined
    : word;
}
