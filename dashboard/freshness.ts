/** How far the page's data may be believed (DASHBOARD.md §9). Pure: the time is an argument. All times in ms. */
export type Freshness =
  | { readonly kind: 'fresh' | 'late' | 'waking' | 'stale'; readonly ageMs: number }
  | { readonly kind: 'ahead'; readonly aheadMs: number }
  | { readonly kind: 'stopped' };

/** The clock of the data may be this far ahead of ours before ages cannot be trusted. */
const AHEAD_MS = 60_000;
const SLEPT_MS = 30_000;

export type Dated = {
  readonly writtenAt: number;
  readonly everyMs: number;
  readonly daemon: { readonly state: string };
};

/**
 * `wokeAt`: when the page last noticed that this computer had slept. For two intervals after that old data is "waking",
 * not "stale": nobody can say yet that the daemon is gone. It is not shown as health either.
 */
export function freshnessOf(data: Dated, now: number, wokeAt: number | undefined): Freshness {
  // Stopped on purpose is true however old it is: nobody will write again.
  if (data.daemon.state === 'stopped') return { kind: 'stopped' };
  const ageMs = now - data.writtenAt;
  if (ageMs < -AHEAD_MS) return { kind: 'ahead', aheadMs: -ageMs };
  if (ageMs <= 2.5 * data.everyMs + 5000) return { kind: 'fresh', ageMs: Math.max(0, ageMs) };
  if (ageMs <= Math.max(6 * data.everyMs, 120_000)) return { kind: 'late', ageMs };
  if (wokeAt !== undefined && now - wokeAt < 2 * data.everyMs) return { kind: 'waking', ageMs };
  return { kind: 'stale', ageMs };
}

export type Ticks = { readonly lastAt: number; readonly wokeAt: number | undefined };

/** One tick of the page's one-second clock. A gap means the computer (or the tab) slept. */
export function tick(ticks: Ticks, now: number): Ticks {
  return { lastAt: now, wokeAt: now - ticks.lastAt > SLEPT_MS ? now : ticks.wokeAt };
}
