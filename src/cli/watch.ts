import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from './context.ts';
import { readSight } from './snapshot.ts';
import { codeOf, statusText } from './status.ts';

const EVERY_MS = 1_000;

/**
 * Shows the status and renews it until Ctrl-C: in place on a terminal; elsewhere a block, or a line of JSON, on each
 * change. Resolves only when standard output is closed.
 */
export async function watch(context: Context, all: boolean): Promise<number> {
  let before = '';
  for (;;) {
    const sight = await readSight(context);
    if (context.isTerminal && !context.json) {
      context.out(screenOf(statusText(context, sight, all)));
    } else {
      const now =
        sight === undefined
          ? ''
          : `${sight.absence} ${sight.snapshot.verdict.state} ${sight.snapshot.targets.map((t) => `${t.id} ${t.state}`).join()}`;
      if (context.json && sight !== undefined && now !== before) {
        context.outLine({
          running: sight.absence === undefined,
          code: codeOf(sight.snapshot),
          snapshot: sight.snapshot,
        });
      } else if (now !== before || sight === undefined) {
        context.out(`${statusText(context, sight, all)}\n`);
      }
      before = now;
    }
    await pause(EVERY_MS);
  }
}

/** Cursor home, each line cleared to its end, the rest of the screen cleared (ECMA-48 CUP, EL, ED): no flicker. */
function screenOf(text: string): string {
  const rows = process.stdout.rows || 24;
  const lines = text.trimEnd().split('\n');
  const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), `… ${lines.length - rows + 2} more lines`];
  return `\x1b[H${shown.map((line) => `${line}\x1b[K`).join('\n')}\n\x1b[J`;
}
