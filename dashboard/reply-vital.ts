import type { HistoryView } from '../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import type { Plot } from './chart/plot.ts';
import { medianOf } from './chart/series.ts';
import { reply } from './measure.ts';
import { replyPlot } from './reply-plot.ts';
import type { Vital } from './vital.ts';
import * as WORDS from './words.ts';

const HOUR_MS = 60 * 60_000;

/** Everything goes through the agent's gateway: where there is one, its replies are the ones to know. */
const isGateway = (target: TargetView): boolean => target.checks.some(({ name }) => name === 'gateway');

/**
 * The replies of the gateway, or of the service with the slowest over the last hour of its record: the first to look at
 * when the agent feels slow.
 */
export function tellingReply(
  snapshot: Snapshot,
  history: HistoryView | undefined,
): { readonly vital: Vital; readonly plot: Plot; readonly gateway: boolean } | undefined {
  const timed = new Map(history?.targets.filter(({ series }) => series.length > 0).map((past) => [past.id, past]));
  const found = snapshot.targets.flatMap((target) => {
    if (target.kind !== 'service') return [];
    const plot = replyPlot(target, timed.get(target.id), snapshot);
    const solid = plot?.points.filter((point) => point.value !== null) ?? [];
    const last = solid.at(-1);
    const hour = solid.filter(({ at }) => last !== undefined && at > last.at - HOUR_MS).map(({ value }) => value ?? 0);
    const typicalMs = medianOf(hour);
    if (plot === undefined || typicalMs === undefined) return [];
    const slowestMs = Math.max(...solid.map(({ value }) => value ?? 0));
    return [{ target, plot, typicalMs, slowestMs, gateway: isGateway(target) }];
  });
  const [slowest] = found.sort((a, b) => Number(b.gateway) - Number(a.gateway) || b.typicalMs - a.typicalMs);
  if (slowest === undefined) return undefined;
  const vital = {
    id: `reply ${slowest.target.id}`,
    label: slowest.target.id,
    value: reply(slowest.typicalMs),
    of: WORDS.typicalReply,
    note: WORDS.slowestReply(reply(slowest.slowestMs)),
    look: undefined,
    line: undefined,
  };
  return { vital, plot: slowest.plot, gateway: slowest.gateway };
}
