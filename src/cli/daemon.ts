import { userInfo } from 'node:os';
import { ask, type Question } from '../http/client.ts';
import { pathsOf } from '../store/home.ts';
import { clean } from '../text/clean.ts';
import type { Context } from './context.ts';

/** The daemon's answer to a GET. Throws DAEMON_NOT_RUNNING and the like (src/http/client.ts). */
export function askDaemon(context: Context, path: string, timeoutMs?: number): Promise<unknown> {
  return ask({ socketPath: pathsOf(context.home).socket, path, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

/** Tells the daemon to do something, in the name of who runs this command. */
export function tellDaemon(
  context: Context,
  path: string,
  body: Readonly<Record<string, unknown>> = {},
  timeoutMs = 30_000,
): Promise<unknown> {
  const question: Question = {
    socketPath: pathsOf(context.home).socket,
    method: 'POST',
    path,
    body: { by: userName(), ...body },
    timeoutMs,
  };
  return ask(question);
}

/** The path of something with a name from outside: `at('targets', 'my hub', 'hold')`. */
export function at(...pieces: readonly string[]): string {
  return `/api/v1/${pieces.map(encodeURIComponent).join('/')}`;
}

/** Prints the one sentence of an answer, or the whole answer with `--json`. */
export function printAnswer(context: Context, answer: unknown): void {
  if (context.json) context.outJson(answer);
  else context.out(`${clean(textOf(answer), 2000)}\n`);
}

export function textOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'text' in answer && typeof answer.text === 'string'
    ? answer.text
    : 'Done.';
}

function userName(): string {
  try {
    return userInfo().username.slice(0, 64) || 'somebody';
  } catch {
    // A user without an entry in the password file, as in some containers.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
