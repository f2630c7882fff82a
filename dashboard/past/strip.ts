import type { Bars } from '../../src/core/history-view.ts';
import type { IncidentView, TargetView } from '../../src/core/snapshot.ts';

/** The ranges a person can choose. */
export type Range = 'day' | 'month' | 'quarter';
export const SLOTS: Readonly<Record<Range, number>> = { day: 96, month: 30, quarter: 90 };

/** One letter a slot, as in `Bars`; oldest first, the last one is now. */
export type Strip = string;

/** Gives every moment the number of its slot; `last` is the slot of now. */
export type Axis = { readonly slotOf: (at: number) => number; readonly last: number };

/** What the snapshot knows of the time since the history was written, which may be a quarter of an hour ago. */
export type Present = {
  /** When the history was written; `undefined` without one. */
  readonly pastUntil: number | undefined;
  /** When the snapshot was written. */
  readonly at: number;
  readonly letter: string;
  readonly troubles: readonly Trouble[];
};
export type Trouble = { readonly from: number; readonly to: number; readonly letter: 's' | 'd' };

const WORST_FIRST = 'dsmo.';

function worst(one: string, other: string): string {
  const [a, b] = [WORST_FIRST.indexOf(one), WORST_FIRST.indexOf(other)];
  if (a < 0) return b < 0 ? '.' : other;
  return b < 0 || a <= b ? one : other;
}

/** More slots than this between history and snapshot, and nobody knows what was in between. */
const BRIDGED_SLOTS = 2;

/** The history's slots, moved so that the last one is now, with what the snapshot knows on top. */
export function stripOf(bars: Bars | undefined, count: number, axis: Axis, present: Present): Strip {
  const first = axis.last - count + 1;
  const from = bars === undefined ? 0 : axis.slotOf(bars.from + bars.slotMs / 2);
  const slots = Array.from({ length: count }, (_, i) => known(bars?.states[first + i - from]));
  const paint = (slot: number, letter: string): void => {
    const index = slot - first;
    if (index >= 0 && index < count) slots[index] = worst(slots[index] ?? '.', letter);
  };
  const now = axis.slotOf(present.at);
  const seen = present.pastUntil === undefined ? undefined : axis.slotOf(present.pastUntil);
  paint(now, present.letter);
  if (seen !== undefined && now - seen <= BRIDGED_SLOTS && present.letter !== '.') {
    for (let slot = seen + 1; slot < now; slot += 1) paint(slot, 'o');
  }
  for (const { from: begun, to, letter } of present.troubles) {
    // Older slots have their own record, which also knows when a warning became worse.
    const start = Math.max(axis.slotOf(begun), seen ?? first, first);
    for (let slot = start; slot <= Math.min(axis.slotOf(to), axis.last); slot += 1) paint(slot, letter);
  }
  return slots.join('');
}

const known = (letter: string | undefined): string =>
  letter !== undefined && WORST_FIRST.includes(letter) ? letter : '.';

/** Two slots in one, the worse wins: a phone has no room for all. */
export function halved(strip: Strip): Strip {
  return Array.from({ length: Math.ceil(strip.length / 2) }, (_, i) =>
    worst(strip[2 * i] ?? '.', strip[2 * i + 1] ?? '.'),
  ).join('');
}

/** The letter of a target as it is now; `.` when nothing is known. */
export function letterOf(target: TargetView): string {
  switch (target.state) {
    case 'working':
      return target.status === 'idle' ? '.' : 'o';
    case 'slow':
      return 's';
    case 'maintenance':
      return 'm';
    case 'down':
    case 'recovering':
    case 'acknowledged':
      return target.status === 'warning' ? 's' : 'd';
    default:
      return '.';
  }
}

/** Incidents as painted time; one that is open lasts until `at`. */
export function troublesOf(incidents: readonly IncidentView[], at: number): readonly Trouble[] {
  return incidents.map(({ start, end, severity }) => ({
    from: start,
    to: Math.min(end ?? at, at),
    letter: severity === 'warning' ? 's' : 'd',
  }));
}
