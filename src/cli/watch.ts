import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from './context.ts';
import { readSight, type Sight } from './snapshot.ts';
import { statusText, statusValue } from './status.ts';

const EVERY_MS = 1_000;

/**
 * Shows the status and renews it until Ctrl-C: in place on a terminal; elsewhere a block, or a line of JSON, whenever
 * a state changed. Never resolves: it ends with the process.
 */
export async function watch(context: Context, all: boolean): Promise<never> {
  let before = '';
  for (;;) {
    const sight = await readSight(context);
    const now = statesOf(sight);
    if (context.isTerminal && !context.json) context.out(screenOf(statusText(context, sight, all)));
    else if (now !== before && context.json) context.outLine(statusValue(sight));
    else if (now !== before) context.out(`${statusText(context, sight, all)}\n`);
    before = now;
    await pause(EVERY_MS);
  }
}

function statesOf({ snapshot, absence }: Sight): string {
  const targets = snapshot?.targets.map(({ id, state }) => `${id} ${state}`) ?? [];
  return [absence ?? 'running', snapshot?.verdict.state ?? 'no data', ...targets].join('\n');
}

/** Cursor home, each line cleared to its end, the rest of the screen cleared (ECMA-48 CUP, EL, ED): no flicker. */
function screenOf(text: string): string {
  const rows = process.stdout.rows || 24;
  const lines = text.trimEnd().split('\n');
  const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more lines`];
  return `\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\n')}\n\x1b[J`;
}
