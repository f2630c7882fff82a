import type { HistoryView } from '../src/core/history-view.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import type { Plot } from './chart/plot.ts';
import { tellingReply } from './reply-vital.ts';
import { cpuVital, type Vital, vitalOf } from './vital.ts';
import { vitalPlot } from './vital-plot.ts';

export type Card = { readonly vital: Vital; readonly plot: Plot | undefined };

/**
 * A row of four. A service's replies take the place that the host's own figures leave; the gateway's that of the logs too,
 * while these are well.
 */
export const ROW = 4;

/** The cards of the host, in their order. */
export function cardsOf(snapshot: Snapshot, history: HistoryView | undefined, grey: boolean): readonly Card[] {
  const host = snapshot.targets.filter((target) => target.kind !== 'service');
  const of = (kind: string): readonly Vital[] =>
    host
      .filter((target) => target.kind === kind)
      .map((target) => vitalOf(target, grey, snapshot.vitals?.memory?.peakTodayBytes));
  const reply = tellingReply(snapshot, history);
  const logs = of('logs').filter(({ look }) => reply?.gateway !== true || look !== undefined);
  const vitals = host.length === 0 ? [] : [...of('disk'), ...of('memory'), cpuVital(snapshot.vitals, grey), ...logs];
  const cards = vitals.map((vital) => ({
    vital,
    plot: vital.line && vitalPlot(vital.line, history, snapshot.writtenAt),
  }));
  return reply === undefined || cards.length === 0 || cards.length >= ROW ? cards : [...cards, reply];
}
