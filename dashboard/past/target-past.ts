import type { HistoryView, TargetPast } from '../../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { rankOf } from '../state-look.ts';
import type { SlotNames } from './slot-names.ts';
import { letterOf, type Present, SLOTS, type Strip, stripOf, troublesOf } from './strip.ts';
import { uptimeNow, uptimeText } from './uptime.ts';

/** Bars and uptime of one target, from both files together. */
export function targetStrip(
  target: TargetView,
  past: TargetPast | undefined,
  history: HistoryView | undefined,
  snapshot: Snapshot,
  names: SlotNames,
): Strip {
  return stripOf(past?.[names.range], SLOTS[names.range], names.axis, presentOf([target], history, snapshot));
}

/** The whole host over the last 24 hours. */
export function ribbonStrip(history: HistoryView | undefined, snapshot: Snapshot, names: SlotNames): Strip {
  return stripOf(history?.ribbon, SLOTS.day, names.axis, presentOf(snapshot.targets, history, snapshot));
}

export function targetUptime(
  target: TargetView,
  past: TargetPast | undefined,
  history: HistoryView | undefined,
  snapshot: Snapshot,
  range: SlotNames['range'],
): string {
  if (past === undefined || history === undefined) return '–';
  const { troubles } = presentOf([target], history, snapshot);
  return uptimeText(uptimeNow(past.uptime[range], history.writtenAt, snapshot.writtenAt, troubles));
}

function presentOf(targets: readonly TargetView[], history: HistoryView | undefined, snapshot: Snapshot): Present {
  const ids = new Set(targets.map(({ id }) => id));
  const worst = [...targets].sort((a, b) => rankOf(a.state) - rankOf(b.state))[0];
  return {
    pastUntil: history?.writtenAt,
    at: snapshot.writtenAt,
    letter: worst === undefined ? '.' : letterOf(worst),
    troubles: troublesOf(
      snapshot.incidents.filter(({ target }) => ids.has(target)),
      snapshot.writtenAt,
    ),
  };
}
