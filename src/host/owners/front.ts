import { baseName } from '../../core/command-line.ts';
import { isShell } from '../../core/recognise.ts';
import type { ProcessFacts } from '../processes.ts';

type Seen = Pick<ProcessFacts, 'argv'>;

/** Programs that only start another one and stay until it ends. */
const RUNNERS = new Set([
  ...['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'corepack', 'bunx', 'uv', 'uvx', 'pipx', 'poetry', 'pipenv'],
  ...['pdm', 'hatch', 'rye', 'bundle', 'dotenv', 'direnv', 'mise', 'asdf', 'nodemon', 'tini', 'dumb-init', 'catatonit'],
  ...['s6-svscan', 'runuser', 'setpriv', 'unshare', 'nsenter', 'taskset', 'ionice', 'nice', 'stdbuf', 'script', 'time'],
]);
const INTERPRETER = /^(node|nodejs|bun|deno|python[\d.]*|ruby|perl|php|java)$/;
/** What a program calls that part of itself which does its work. */
const PARTS = new Set(['gateway', 'server', 'daemon', 'main', 'master', 'worker', 'service']);

/**
 * Whether `parent` only stands before `child`: a shell, a runner like npm, the first process of a program that works
 * in several, or the same program under a longer title (`clawdbot` and `clawdbot-gateway`). A program that starts
 * others for its own ends (cron, an agent, a supervisor) is no front.
 */
export function isFrontOf(parent: Seen, child: Seen | undefined): boolean {
  if (child === undefined || parent.argv.length === 0) return false;
  if (isRunner(parent) || parent.argv.join(' ') === child.argv.join(' ')) return true;
  const program = programOf(parent);
  return !INTERPRETER.test(program) && isSameFamily(program, programOf(child));
}

/** It does no work of its own: a shell, or a runner like npm, whatever it is run by. */
export function isRunner(seen: Seen): boolean {
  const program = programOf(seen);
  return isShell(program) || RUNNERS.has(program) || (INTERPRETER.test(program) && RUNNERS.has(scriptOf(seen)));
}

/** `clawdbot` and `clawdbot-gateway`; `nginx: master process` and `nginx: worker process`. */
function isSameFamily(parent: string, child: string): boolean {
  if (parent === child) return parent.endsWith(':');
  return child.startsWith(`${parent}-`) && PARTS.has(child.slice(parent.length + 1));
}

/** Programs that rewrite their title have it all in one word (`npm start`). */
export function programOf({ argv }: Seen): string {
  return baseName((argv[0] ?? '').split(' ')[0] ?? '');
}

/** `/usr/lib/node_modules/npm/bin/npm-cli.js` → `npm`. */
export function scriptOf({ argv }: Seen): string {
  const script = argv.slice(1).find((word) => !word.startsWith('-')) ?? '';
  return baseName(script).replace(/(-cli)?\.([cm]?js|py)$/, '');
}
