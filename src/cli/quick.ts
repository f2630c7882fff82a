import { createContext, type Globals } from './context.ts';
import { reportError } from './report-error.ts';
import { readSight } from './snapshot.ts';
import { printStatus } from './status.ts';

/**
 * `status` is asked for all day long, by people, prompts and cron. Built as one CommonJS file of its own (dist/status.cjs)
 * and read without the parser it takes 1.2 times as long as `node -e 0`, else 1.5 times (Node 20, medians of 25).
 * `undefined`: this line is out of the ordinary, and the program has to read it.
 */
export function quickStatus(args: readonly string[]): Promise<number> | undefined {
  const plain = plainStatus(args);
  if (plain === undefined) return undefined;
  const context = createContext(plain.globals);
  return readSight(context)
    .then((sight) => printStatus(context, sight, plain.all))
    .catch((error: unknown) => reportError(error, context.json, context.home));
}

function plainStatus(args: readonly string[]): { readonly globals: Globals; readonly all: boolean } | undefined {
  if (!args.includes('status')) return undefined;
  const globals: { -readonly [K in keyof Globals]: Globals[K] } = {};
  let all = false;
  let seen = 0;
  for (let i = 0; i < args.length; i += 1) {
    const word = args[i] ?? '';
    const next = args[i + 1];
    if (word === 'status') seen += 1;
    else if (word === '--json') globals.json = true;
    else if (word === '--no-color') globals.color = false;
    else if (word === '--all') all = true;
    else if (word === '--home' && next !== undefined && !next.startsWith('-')) {
      globals.home = next;
      i += 1;
    } else return undefined;
  }
  return seen === 1 ? { globals, all } : undefined;
}
