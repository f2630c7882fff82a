import { PersonError } from '../errors.ts';
import { clean, toJson } from '../text/clean.ts';
import { wrap } from '../text/width.ts';
import { asTyped } from './as-typed.ts';

/** Says on standard error what went wrong and what to do next, for this home folder; returns the exit code (sysexits). */
export function reportError(error: unknown, json: boolean, home: string): number {
  const trouble = error instanceof PersonError ? error : unexpected(error);
  if (json) {
    process.stderr.write(`${toJson({ code: trouble.code, message: trouble.message, hint: trouble.hint })}\n`);
    return trouble.exit;
  }
  // A message may list several things, one a line: each line is made safe by itself.
  const lines = trouble.message.split('\n').map((line) => clean(line, 2000));
  lines[0] = `${trouble.code} ${lines[0] ?? ''}`;
  if (trouble.hint !== '') lines.push(`next: ${asTyped(clean(trouble.hint, 2000), process.env, home)}`);
  process.stderr.write(`${lines.map(onTerminal).join('\n')}\n`);
  return trouble.exit;
}

/** Wrapped for a person; whole where a program reads it. */
function onTerminal(line: string): string {
  return process.stderr.isTTY ? wrap(line, Math.max(20, process.stderr.columns || 80)).join('\n') : line;
}

function unexpected(error: unknown): PersonError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new PersonError('INTERNAL', text, 'This is a fault of jarvis-health: please report it with the lines above.');
}
