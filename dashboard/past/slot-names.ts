import type { Calendar } from '../measure.ts';
import { type Axis, type Range, SLOTS } from './strip.ts';

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** What the slots of a range are called, and which moments belong to which. Places count from the oldest, 0. */
export type SlotNames = {
  readonly range: Range;
  readonly axis: Axis;
  /** The first moment of a slot; of a day, its noon. */
  readonly at: (place: number) => number;
  /** "00:15 to 00:45", "10 Nov", "10 Nov to 12 Nov": a run of slots from one place to another, both inside. */
  readonly span: (from: number, to: number) => string;
};

/** `now`: the moment the last slot holds. `offsetMs`: where the recorded quarters begin within a quarter of UTC. */
export function slotNamesOf(range: Range, now: number, calendar: Calendar, offsetMs = 0): SlotNames {
  const count = SLOTS[range];
  if (range === 'day') {
    const slotOf = (at: number): number => Math.floor((at - offsetMs) / QUARTER_MS);
    const last = slotOf(now);
    const at = (place: number): number => (last - count + 1 + place) * QUARTER_MS + offsetMs;
    const span = (from: number, to: number): string =>
      to === count - 1
        ? `${calendar.time(at(from))} to now`
        : `${calendar.time(at(from))} to ${calendar.time(at(to + 1))}`;
    return { range, axis: { slotOf, last }, at, span };
  }
  const last = calendar.dayNumber(now);
  const at = (place: number): number => now - (count - 1 - place) * DAY_MS;
  const span = (from: number, to: number): string =>
    from === to ? calendar.day(noon(from)) : `${calendar.day(noon(from))} to ${calendar.day(noon(to))}`;
  // From any hour of the day, whole days back can miss a day by an hour when clocks change: its noon cannot.
  const noon = (place: number): number => {
    const guess = at(place);
    const off = last - count + 1 + place - calendar.dayNumber(guess);
    return guess + off * (DAY_MS / 2);
  };
  return { range, axis: { slotOf: calendar.dayNumber, last }, at: noon, span };
}
