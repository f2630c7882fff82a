import type { Calendar } from '../measure.ts';
import type { SlotNames } from './slot-names.ts';

/** A word under the ribbon; `share` 0 to 1 of its width. */
export type AxisMark = { readonly share: number; readonly word: string };

/** Times between the ends, six hours apart, on the full hour of the host's clock. */
export function ribbonMarks(names: SlotNames, slots: number, calendar: Calendar): readonly AxisMark[] {
  const hourOf = (place: number): number => Number.parseInt(calendar.time(names.at(place)), 10);
  const end = hourOf(slots - 1);
  return Array.from({ length: slots }, (_, place) => place)
    .filter((place) => place > slots * 0.12 && place < slots * 0.88)
    .filter((place) => calendar.time(names.at(place)).endsWith(':00') && (hourOf(place) - end) % 6 === 0)
    .map((place) => ({ share: place / slots, word: calendar.time(names.at(place)) }));
}
