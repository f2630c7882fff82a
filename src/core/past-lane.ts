import type { PastStatus } from './remembered.ts';

/** What one stretch of time of a target came to. */
export type PastSlot = {
  readonly from: number;
  readonly worst: PastStatus;
  readonly downMs: number;
  readonly knownMs: number;
};

/** A row of slots of one target. Arrays of numbers: a thousand targets with 90 days each are read four times an hour. */
export type Lane = {
  /** Index into `LETTERS`. */
  readonly ranks: Uint8Array;
  readonly downMs: Float64Array;
  readonly knownMs: Float64Array;
};

/** Best first, as `Bars` has them. */
const LETTERS = '.omsd';

export function emptyLane(slots: number): Lane {
  return { ranks: new Uint8Array(slots), downMs: new Float64Array(slots), knownMs: new Float64Array(slots) };
}

/** Of two that were written for the same stretch (a crash while it was summed up) the one that knows more counts. */
export function put(lane: Lane, index: number, slot: PastSlot): void {
  if (index < 0 || index >= lane.ranks.length || (lane.knownMs[index] ?? 0) > slot.knownMs) return;
  lane.ranks[index] = rankOf(slot);
  lane.downMs[index] = slot.downMs;
  lane.knownMs[index] = slot.knownMs;
}

/** Adds what one cell came to to another, of a lane of longer slots. */
export function addCell(into: Lane, index: number, from: Lane, at: number): void {
  if (index < 0 || index >= into.ranks.length) return;
  into.ranks[index] = Math.max(into.ranks[index] ?? 0, from.ranks[at] ?? 0);
  into.downMs[index] = (into.downMs[index] ?? 0) + (from.downMs[at] ?? 0);
  into.knownMs[index] = (into.knownMs[index] ?? 0) + (from.knownMs[at] ?? 0);
}

export function cut({ ranks, downMs, knownMs }: Lane, from: number, slots: number): Lane {
  const to = from + slots;
  return { ranks: ranks.subarray(from, to), downMs: downMs.subarray(from, to), knownMs: knownMs.subarray(from, to) };
}

export function lettersOf(ranks: Uint8Array): string {
  let letters = '';
  for (const rank of ranks) letters += LETTERS[rank] ?? '.';
  return letters;
}

export const sum = (values: Float64Array): number => Math.round(values.reduce((total, value) => total + value, 0));

/** Trouble marks a slot however short it was; else it is what was known of it. */
function rankOf({ worst, knownMs }: PastSlot): number {
  if (worst === 'critical') return LETTERS.indexOf('d');
  if (worst === 'warning') return LETTERS.indexOf('s');
  if (worst === 'paused') return LETTERS.indexOf('m');
  return LETTERS.indexOf(knownMs > 0 ? 'o' : '.');
}
