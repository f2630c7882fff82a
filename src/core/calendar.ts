/** A stretch of wall time, `to` exclusive; ms since 1970. */
export type Span = { readonly from: number; readonly to: number };

/**
 * The day of the host's own calendar that holds `at`: 23 to 25 hours long where clocks change. It begins with the first
 * moment of its date, be it midnight (which Havana has twice in autumn) or not (Santiago has none in spring). By the
 * zone of this process and without Intl, which would cost a resting daemon 8 MB.
 */
export function dayAt(at: number): Span {
  const from = new Date(at).setHours(0, 0, 0, 0);
  return { from, to: daysFrom(from, 1) };
}

/** Where the last `count` days begin, oldest first; the last of them is the day that holds `at`. */
export function lastDays(at: number, count: number): readonly number[] {
  const today = new Date(at).setHours(0, 0, 0, 0);
  return Array.from({ length: count }, (_, index) => daysFrom(today, index - (count - 1)));
}

function daysFrom(midnight: number, days: number): number {
  const date = new Date(midnight);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}
