import type { IncidentView } from '../../src/core/snapshot.ts';
import { duration } from '../measure.ts';
import { runsOf } from './runs.ts';
import type { SlotNames } from './slot-names.ts';
import type { Range, Strip } from './strip.ts';

const RANGES: Readonly<Record<Range, string>> = {
  day: 'Last 24 hours',
  month: 'Last 30 days',
  quarter: 'Last 90 days',
};
export const SLOT_WORDS: Readonly<Record<string, string>> = {
  o: 'good',
  s: 'slow',
  d: 'down',
  m: 'paused',
  '.': 'no data',
};

/** More than these and the sentence is no help; the chart and the incidents have the rest. */
const NAMED = 6;

/** "Last 30 days: 28 good, slow on 10 Nov, down on 17 Nov for 41 s." `incidents`: those of the same target. */
export function sentenceOf(strip: Strip, names: SlotNames, incidents: readonly IncidentView[]): string {
  const good = [...strip].filter((letter) => letter === 'o').length;
  const silent = [...strip].filter((letter) => letter === '.').length;
  const title = RANGES[names.range];
  if (good === strip.length) return `${title}: all good.`;
  if (silent === strip.length) return `${title}: no data.`;
  const inDays = names.range !== 'day';
  const named = runsOf(strip).filter(({ letter }) => letter !== 'o' && letter !== '.');
  const parts = [
    ...(good === 0 ? [] : [inDays ? `${good} good` : `good for ${duration(good * 15 * 60_000)}`]),
    ...named.slice(0, NAMED).map(({ letter, from, to }) => {
      const when = names.span(from, to);
      // A quarter of an hour has the worst of it, however short that was: it is no claim about all of it, nor about now.
      const preposition = !inDays ? ' within' : from === to ? ' on' : '';
      const lasted = inDays && letter === 'd' ? downText(names, from, to, incidents) : '';
      return `${SLOT_WORDS[letter]}${preposition} ${when}${lasted}`;
    }),
    ...(named.length > NAMED ? [`and ${named.length - NAMED} more`] : []),
    ...(silent === 0 ? [] : [inDays ? `${silent} without data` : `no data for ${duration(silent * 15 * 60_000)}`]),
  ];
  return `${title}: ${parts.join(', ')}.`;
}

/** " for 41 s": known only while the incidents of those days are still told. */
function downText(names: SlotNames, from: number, to: number, incidents: readonly IncidentView[]): string {
  const first = names.axis.slotOf(names.at(0));
  const inside = incidents.filter(({ start, severity, end }) => {
    const place = names.axis.slotOf(start) - first;
    return severity === 'critical' && end !== undefined && place >= from && place <= to;
  });
  const ms = inside.reduce((sum, { start, end }) => sum + ((end ?? start) - start), 0);
  return ms > 0 ? ` for ${duration(ms)}` : '';
}
