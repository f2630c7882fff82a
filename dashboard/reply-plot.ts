import type { TargetPast } from '../src/core/history-view.ts';
import type { IncidentView, Snapshot, TargetView } from '../src/core/snapshot.ts';
import { ceilingOf, type Plot } from './chart/plot.ts';
import { pointsOf, withNow } from './chart/series.ts';
import { reach, reply } from './measure.ts';
import * as WORDS from './words.ts';

/** The reply times of a service as recorded, up to the snapshot; `undefined` when it has none. */
export function replyPlot(
  target: TargetView,
  past: TargetPast | undefined,
  snapshot: Snapshot,
  range: { readonly from?: number; readonly to?: number } = {},
): Plot | undefined {
  const series = past?.series.find(({ unit }) => unit === 'ms');
  if (series === undefined) return undefined;
  const from = Math.max(range.from ?? series.t0, series.t0);
  const to = Math.max(range.to ?? snapshot.writtenAt, from + series.stepMs);
  const current = to < snapshot.writtenAt ? undefined : target.replyMs;
  const points = withNow(pointsOf(series, from), series.stepMs, to, current);
  return {
    label: `${WORDS.replyTime} of ${target.id}, last ${reach(to - from)}`,
    points,
    stepMs: series.stepMs,
    from,
    to,
    ceiling: ceilingOf(points, undefined),
    limit: undefined,
    say: reply,
    outages: outagesOf(snapshot.incidents, target.id, from, to),
  };
}

/** When the target was down within the time drawn; one that is open lasts until its end. */
function outagesOf(incidents: readonly IncidentView[], target: string, from: number, to: number): Plot['outages'] {
  return incidents
    .filter((one) => one.target === target && one.severity === 'critical' && one.start < to && (one.end ?? to) > from)
    .map(({ start, end }) => ({ from: Math.max(start, from), to: Math.min(end ?? to, to) }));
}
