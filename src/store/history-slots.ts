import type { Span } from '../core/calendar.ts';
import type { PastStatus } from '../core/remembered.ts';
import type { CheckId } from '../core/types.ts';

/**
 * One moment of a check, or of a target under its `pastKey`, as history keeps it. `value` is the check's main figure: a
 * reply in ms, or a used share in percent.
 */
export type HistoryPoint = {
  readonly check: CheckId;
  readonly at: number;
  readonly status: PastStatus;
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
  readonly worst: PastStatus;
  /** ms in `critical`, in `warning`, and in any of ok, paused, warning and critical. Uptime is 1 - downMs / knownMs. */
  readonly downMs: number;
  readonly warningMs: number;
  readonly knownMs: number;
  /** Points that had a value, and their mean, least and most. */
  readonly values: number;
  readonly mean: number | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
};

/** The slot that holds a moment. */
export type Spans = (at: number) => Span;

/** Slots of one length, which begin at its multiples. */
export function evenly(slotMs: number): Spans {
  return (at) => {
    const from = Math.floor(at / slotMs) * slotMs;
    return { from, to: from + slotMs };
  };
}

const WORST_FIRST: readonly PastStatus[] = ['critical', 'warning', 'paused', 'unknown', 'ok', 'idle'];

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
  { slotMs, ...range }: Span & { readonly slotMs: number },
): readonly HistorySlot[] {
  const spanAt = evenly(slotMs);
  const slots: Draft[] = [];
  for (const own of byCheck(points).values()) {
    own.sort((a, b) => a.at - b.at);
    const open: Drafts = new Map();
    for (const [index, point] of own.entries()) {
      const end = Math.min(own[index + 1]?.at ?? range.to, point.at + standsForMs(point), range.to);
      addStretch(open, point, { from: Math.max(point.at, range.from), to: end }, spanAt);
      if (point.at >= range.from && point.at < range.to) addValue(open, point, spanAt);
    }
    slots.push(...open.values());
  }
  return inOrder(slots);
}

/** A slot under way. Changed in place: a busy host sums a hundred thousand points an hour. */
type Draft = { -readonly [Key in keyof HistorySlot]: HistorySlot[Key] };
/** Of one check, by the moment at which they begin. */
type Drafts = Map<number, Draft>;

function addStretch(open: Drafts, point: HistoryPoint, { from, to }: Span, spanAt: Spans): void {
  let at = from;
  while (at < to) {
    const slot = slotAt(open, point, at, spanAt);
    const until = Math.min(to, slot.to);
    const lastedMs = until - at;
    slot.worst = worseOf(slot.worst, point.status);
    if (point.status === 'critical') slot.downMs += lastedMs;
    if (point.status === 'warning') slot.warningMs += lastedMs;
    if (point.status !== 'unknown' && point.status !== 'idle') slot.knownMs += lastedMs;
    at = until;
  }
}

function addValue(open: Drafts, point: HistoryPoint, spanAt: Spans): void {
  const slot = slotAt(open, point, point.at, spanAt);
  slot.worst = worseOf(slot.worst, point.status);
  const { value } = point;
  if (value !== undefined) addValues(slot, { values: 1, mean: value, least: value, most: value });
}

/** Sums finer slots into coarser ones; the same figures come out as from the points themselves. */
export function coarser(slots: readonly HistorySlot[], spanAt: Spans): readonly HistorySlot[] {
  const open = new Map<CheckId, Drafts>();
  for (const fine of slots) {
    const own = open.get(fine.check) ?? new Map<number, Draft>();
    open.set(fine.check, own);
    const slot = slotAt(own, fine, fine.from, spanAt);
    slot.worst = worseOf(slot.worst, fine.worst);
    slot.downMs += fine.downMs;
    slot.warningMs += fine.warningMs;
    slot.knownMs += fine.knownMs;
    addValues(slot, fine);
  }
  return inOrder([...open.values()].flatMap((own) => [...own.values()]));
}

type Values = Pick<HistorySlot, 'values' | 'mean' | 'least' | 'most'>;

function addValues(slot: Draft, { values, mean = 0, least = 0, most = 0 }: Values): void {
  if (values === 0) return;
  slot.mean = ((slot.mean ?? 0) * slot.values + mean * values) / (slot.values + values);
  slot.least = Math.min(slot.least ?? least, least);
  slot.most = Math.max(slot.most ?? most, most);
  slot.values += values;
}

/** Each slot once, in order of time: of two for the same stretch the one that knows more. */
export function knowMore(slots: readonly HistorySlot[]): readonly HistorySlot[] {
  const best = new Map<string, HistorySlot>();
  for (const slot of slots) {
    const known = best.get(keyOf(slot));
    if (known === undefined || known.knownMs <= slot.knownMs) best.set(keyOf(slot), slot);
  }
  return inOrder([...best.values()]);
}

function inOrder(slots: HistorySlot[]): readonly HistorySlot[] {
  return slots.sort((a, b) => a.from - b.from || (a.check < b.check ? -1 : 1));
}

function keyOf(slot: HistorySlot): string {
  return `${slot.from} ${slot.check}`;
}

function slotAt(open: Drafts, { check }: { readonly check: CheckId }, at: number, spanAt: Spans): Draft {
  const span = spanAt(at);
  const known = open.get(span.from);
  if (known !== undefined) return known;
  const values = { values: 0, mean: undefined, least: undefined, most: undefined };
  const slot: Draft = { check, ...span, worst: 'idle', downMs: 0, warningMs: 0, knownMs: 0, ...values };
  open.set(span.from, slot);
  return slot;
}

function worseOf(a: PastStatus, b: PastStatus): PastStatus {
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
