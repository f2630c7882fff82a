import { sayDuration } from '../core/units.ts';
import { monotonicMs } from '../host/clock.ts';
import type { Context } from './context.ts';

const FIRST_AFTER_MS = 1_000;
const RENEW_EVERY_MS = 500;

/** A line on the terminal for what takes longer than a second: `text … 3 s`. Nothing when nobody watches. */
export function openProgress(context: Context, text: string): { end(): void } {
  if (context.json || process.stderr.isTTY !== true) return { end: () => undefined };
  const beganAt = monotonicMs();
  let shown = false;
  let renew: NodeJS.Timeout | undefined;
  const draw = () => {
    shown = true;
    // CR and EL: the line is written over itself and leaves nothing behind.
    process.stderr.write(`\r${text} … ${sayDuration(monotonicMs() - beganAt)}\x1b[K`);
  };
  const first = setTimeout(() => {
    draw();
    renew = setInterval(draw, RENEW_EVERY_MS);
  }, FIRST_AFTER_MS);
  return {
    end: () => {
      clearTimeout(first);
      clearInterval(renew);
      if (shown) process.stderr.write('\r\x1b[K');
    },
  };
}
