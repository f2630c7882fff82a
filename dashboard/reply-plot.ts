import type { TargetPast } from '../src/core/history-view.ts';
import type { IncidentView, Snapshot, TargetView } from '../src/core/snapshot.ts';
import { ceilingOf, type Plot } from './chart/plot.ts';
import { pointsOf, withNow } from './chart/series.ts';
import { reach, reply } from './measure.ts';
import * as WORDS from './words.ts';

/** A record around an incident is of an hour at most. */
const AROUND_MS = 60 * 60_000;

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

/** So much of the time before the trouble is drawn where only the means of quarters of an hour are known. */
const BEFORE_MS = 2 * 60 * 60_000;

/**
 * The replies around the beginning of an incident: by the minute up to half an hour after it where the record has them,
 * else as they are known. `undefined` when no reply is known of that time: an empty box says nothing.
 */
export function plotAround(
  incident: IncidentView,
  target: TargetView,
  past: TargetPast | undefined,
  snapshot: Snapshot,
): Plot | undefined {
  const { around } = past ?? {};
  const to = around === undefined ? 0 : around.t0 + AROUND_MS;
  const isOfThis = around !== undefined && incident.start >= around.t0 && incident.start < to;
  const plot =
    past !== undefined && isOfThis
      ? replyPlot(target, { ...past, series: [around] }, snapshot, { to: Math.min(snapshot.writtenAt, to) })
      : replyPlot(target, past, snapshot, { from: incident.start - BEFORE_MS });
  if (plot === undefined || plot.points.every(({ value }) => value === null)) return undefined;
  return { ...plot, label: WORDS.replyAround(target.id) };
}

/** When the target was down within the time drawn; one that is open lasts until its end. */
function outagesOf(incidents: readonly IncidentView[], target: string, from: number, to: number): Plot['outages'] {
  return incidents
    .filter((one) => one.target === target && one.severity === 'critical' && one.start < to && (one.end ?? to) > from)
    .map(({ start, end }) => ({ from: Math.max(start, from), to: Math.min(end ?? to, to) }));
}
