import type { Series } from '../../src/core/history-view.ts';
import type { Point } from './geometry.ts';

/** A series as points in the middle of their steps, from `from` on. */
export function pointsOf(series: Series, from: number): readonly Point[] {
  return series.values
    .map((value, i) => ({ at: series.t0 + (i + 0.5) * series.stepMs, value }))
    .filter(({ at }) => at >= from);
}

/** More steps than this between the last record and now, and the line must not bridge them. */
const BRIDGED_STEPS = 2;

/** The recorded points with the value of now at their end. */
export function withNow(
  points: readonly Point[],
  stepMs: number,
  at: number,
  value: number | undefined,
): readonly Point[] {
  const past = points.filter((point) => point.at < at);
  if (value === undefined) return past;
  const last = past.findLast((point) => point.value !== null);
  const apart = last === undefined || at - last.at > (BRIDGED_STEPS + 0.5) * stepMs;
  return [...past, ...(apart ? [{ at: at - 1, value: null }] : []), { at, value }];
}

/** The middle one of the values, or `undefined` without any. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle];
  return sorted.length % 2 === 1 || high === undefined ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}
