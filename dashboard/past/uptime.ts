import type { Uptime } from '../../src/core/history-view.ts';
import type { Trouble } from './strip.ts';

/** "99.99%": two decimals, rounded down; "100%" only if it was never down; "–" when nothing is known. */
export function uptimeText({ downMs, knownMs }: Uptime): string {
  if (!(knownMs > 0)) return '–';
  if (downMs <= 0) return '100%';
  const hundredths = Math.floor((1 - Math.min(downMs, knownMs) / knownMs) * 10_000);
  return `${(Math.min(hundredths, 9999) / 100).toFixed(2)}%`;
}

/** A longer time than this without a record is no known time. */
const BRIDGED_MS = 30 * 60_000;

/** The recorded uptime with the trouble since: 100 % beside "down 2 min" would be a lie. Times: ms since 1970. */
export function uptimeNow(recorded: Uptime, recordedUntil: number, at: number, troubles: readonly Trouble[]): Uptime {
  const since = Math.max(0, at - recordedUntil);
  const down = troubles
    .filter(({ letter }) => letter === 'd')
    .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, at) - Math.max(from, recordedUntil)), 0);
  const downMs = Math.min(down, since);
  return {
    downMs: recorded.downMs + downMs,
    knownMs: recorded.knownMs + (since <= BRIDGED_MS ? since : downMs),
  };
}
