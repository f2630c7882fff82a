import type { Uptime } from './history-view.ts';

/**
 * "99.99%": two decimals, rounded down; "100%" only if it was never down; "–" when nothing is known. As the page says it
 * (dashboard/past/uptime.ts), which may take only types from here.
 */
export function sayUptime({ downMs, knownMs }: Uptime): string {
  if (!(knownMs > 0)) return '–';
  if (downMs <= 0) return '100%';
  const hundredths = Math.floor((1 - Math.min(downMs, knownMs) / knownMs) * 10_000);
  return `${(Math.min(hundredths, 9999) / 100).toFixed(2)}%`;
}
