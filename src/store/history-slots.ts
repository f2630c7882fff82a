import type { CheckId, Status } from '../core/types.ts';

/** One look, as history keeps it. `value` is the check's main figure: a reply in ms, or a used share in percent. */
export type HistoryPoint = {
  readonly check: CheckId;
  readonly at: number;
  readonly status: Status;
  readonly value?: number;
  /** Cadence of the check in ms, when it is slower than a minute: it says how long a point may stand for. */
  readonly everyMs?: number;
};

/** A stretch of time of one check. What is neither known nor idle is a gap, not health. */
export type HistorySlot = {
  readonly check: CheckId;
  readonly from: number;
  readonly to: number;
  /** The worst status within, for the bars of the page. */
  readonly worst: Status;
  /** ms in `critical`, in `warning`, and in any of ok, warning and critical. Uptime is 1 - downMs / knownMs. */
  readonly downMs: number;
  readonly warningMs: number;
  readonly knownMs: number;
  /** Points that had a value, and their mean, least and most. */
  readonly values: number;
  readonly mean: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
};

const WORST_FIRST: readonly Status[] = ['critical', 'warning', 'unknown', 'ok', 'idle'];

/** A point stands until the next one, but at most this long: then we were not looking. */
function standsForMs(point: Pick<HistoryPoint, 'everyMs'>): number {
  return 3 * Math.max(point.everyMs ?? 0, 60_000);
}

/**
 * Sums points into slots that begin at multiples of `slotMs`, within `from` (inclusive) to `to` (exclusive). Points
 * from before `from` are needed to know how it began. Slots of which nothing is known are left out.
 */
export function slotsOf(
  points: readonly HistoryPoint[],
  range: { readonly from: number; readonly to: number; readonly slotMs: number },
): readonly HistorySlot[] {
  const open = new Map<string, HistorySlot>();
  for (const own of byCheck(points).values()) {
    own.sort((a, b) => a.at - b.at);
    for (const [index, point] of own.entries()) {
      const end = Math.min(own[index + 1]?.at ?? range.to, point.at + standsForMs(point), range.to);
      addStretch(open, point, Math.max(point.at, range.from), end, range.slotMs);
      if (point.at >= range.from && point.at < range.to) addValue(open, point, range.slotMs);
    }
  }
  return inOrder(open);
}

function addStretch(open: Map<string, HistorySlot>, point: HistoryPoint, from: number, to: number, slotMs: number) {
  let at = from;
  while (at < to) {
    const slot = slotAt(open, point, at, slotMs);
    const until = Math.min(to, slot.to);
    const lastedMs = until - at;
    open.set(keyOf(slot), {
      ...slot,
      worst: worseOf(slot.worst, point.status),
      downMs: slot.downMs + (point.status === 'critical' ? lastedMs : 0),
      warningMs: slot.warningMs + (point.status === 'warning' ? lastedMs : 0),
      knownMs: slot.knownMs + (point.status === 'unknown' || point.status === 'idle' ? 0 : lastedMs),
    });
    at = until;
  }
}

function addValue(open: Map<string, HistorySlot>, point: HistoryPoint, slotMs: number): void {
  const slot = slotAt(open, point, point.at, slotMs);
  const worst = worseOf(slot.worst, point.status);
  if (point.value === undefined) open.set(keyOf(slot), { ...slot, worst });
  else {
    open.set(keyOf(slot), {
      ...slot,
      worst,
      ...sumValues([slot, { values: 1, mean: point.value, least: point.value, most: point.value }]),
    });
  }
}

/** Sums finer slots into coarser ones; the same figures come out as from the points themselves. */
export function coarser(slots: readonly HistorySlot[], slotMs: number): readonly HistorySlot[] {
  const open = new Map<string, HistorySlot>();
  for (const fine of slots) {
    const slot = slotAt(open, fine, fine.from, slotMs);
    open.set(keyOf(slot), {
      ...slot,
      worst: worseOf(slot.worst, fine.worst),
      downMs: slot.downMs + fine.downMs,
      warningMs: slot.warningMs + fine.warningMs,
      knownMs: slot.knownMs + fine.knownMs,
      ...sumValues([slot, fine]),
    });
  }
  return inOrder(open);
}

type Values = Pick<HistorySlot, 'values' | 'mean' | 'least' | 'most'>;

function sumValues(parts: readonly Values[]): Values {
  const some = parts.filter((part) => part.values > 0);
  const values = some.reduce((sum, part) => sum + part.values, 0);
  if (values === 0) return { values: 0, mean: undefined, least: undefined, most: undefined };
  const total = some.reduce((sum, part) => sum + part.values * (part.mean ?? 0), 0);
  return {
    values,
    mean: total / values,
    least: Math.min(...some.map((part) => part.least ?? Number.POSITIVE_INFINITY)),
    most: Math.max(...some.map((part) => part.most ?? Number.NEGATIVE_INFINITY)),
  };
}

/** Each slot once, in order of time: of two for the same stretch the one that knows more. */
export function knowMore(slots: readonly HistorySlot[]): readonly HistorySlot[] {
  const best = new Map<string, HistorySlot>();
  for (const slot of slots) {
    const known = best.get(keyOf(slot));
    if (known === undefined || known.knownMs <= slot.knownMs) best.set(keyOf(slot), slot);
  }
  return inOrder(best);
}

function inOrder(slots: Map<string, HistorySlot>): readonly HistorySlot[] {
  return [...slots.values()].sort((a, b) => a.from - b.from || (a.check < b.check ? -1 : 1));
}

function keyOf(slot: Pick<HistorySlot, 'check' | 'from'>): string {
  return `${slot.from} ${slot.check}`;
}

function slotAt(
  open: Map<string, HistorySlot>,
  of: { readonly check: CheckId },
  at: number,
  slotMs: number,
): HistorySlot {
  const from = Math.floor(at / slotMs) * slotMs;
  const known = open.get(keyOf({ check: of.check, from }));
  if (known !== undefined) return known;
  const values = { values: 0, mean: undefined, least: undefined, most: undefined };
  const times = { downMs: 0, warningMs: 0, knownMs: 0 };
  return { check: of.check, from, to: from + slotMs, worst: 'idle', ...times, ...values };
}

function worseOf(a: Status, b: Status): Status {
  return WORST_FIRST.indexOf(a) <= WORST_FIRST.indexOf(b) ? a : b;
}

function byCheck(points: readonly HistoryPoint[]): Map<CheckId, HistoryPoint[]> {
  const groups = new Map<CheckId, HistoryPoint[]>();
  for (const point of points) {
    const group = groups.get(point.check);
    if (group === undefined) groups.set(point.check, [point]);
    else group.push(point);
  }
  return groups;
}
