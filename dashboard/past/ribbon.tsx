import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryView } from '../../src/core/history-view.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { Reading } from '../chart/chart.tsx';
import { useReader } from '../chart/reader.ts';
import type { Calendar } from '../measure.ts';
import { useNarrow } from '../narrow.ts';
import * as WORDS from '../words.ts';
import { Bars } from './bars.tsx';
import { ribbonMarks } from './ribbon-axis.ts';
import { SLOT_WORDS, sentenceOf } from './sentence.ts';
import { type SlotNames, slotNamesOf } from './slot-names.ts';
import { halved, type Strip } from './strip.ts';
import { ribbonStrip } from './target-past.ts';

type Props = {
  readonly history: HistoryView | undefined;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly calendar: Calendar;
};

/** The last 24 hours of the whole host: what broke, at a glance; a reader tells when and what. */
export function Ribbon({ history, snapshot, now, calendar }: Props): JSX.Element {
  const narrow = useNarrow();
  const names = useDaySlots(history, Math.max(now, snapshot.writtenAt), calendar);
  const full = useMemo(() => ribbonStrip(history, snapshot, names), [history, snapshot, names]);
  const strip = narrow ? halved(full) : full;
  const sentence = useMemo(() => sentenceOf(full, names, []), [full, names]);
  const marks = useMemo(() => ribbonMarks(names, full.length, calendar), [names, full.length, calendar]);
  const middle = marks.toSorted((a, b) => Math.abs(a.share - 0.5) - Math.abs(b.share - 0.5)).slice(0, narrow ? 1 : 9);
  const { place, on } = useReader(strip.length, (share) => Math.floor(share * strip.length));
  const said = (slot: number): string => slotText(slot, strip, full.length / strip.length, names, snapshot);
  return (
    <figure class="ribbon">
      <div
        class="ribbon-bars"
        role="slider"
        tabIndex={0}
        aria-readonly="true"
        aria-label={sentence}
        aria-valuemin={0}
        aria-valuemax={strip.length - 1}
        aria-valuenow={place ?? strip.length - 1}
        aria-valuetext={said(place ?? strip.length - 1)}
        {...on}
      >
        <Bars strip={strip} width={narrow ? 336 : 1072} height={38} />
        {place !== undefined && (
          <>
            <span class="ribbon-reader" style={{ left: `${((place + 0.5) / strip.length) * 100}%` }} />
            <Reading share={(place + 0.5) / strip.length}>{said(place)}</Reading>
          </>
        )}
      </div>
      <figcaption class="axis ribbon-axis" aria-hidden="true">
        <span>{narrow ? WORDS.dayAgo : WORDS.yesterday(calendar.time(now))}</span>
        {middle.map(({ share, word }) => (
          <span key={word} class="mark-word" style={{ left: `${share * 100}%` }}>
            {word}
          </span>
        ))}
        <span>{narrow ? WORDS.now : WORDS.nowAt(calendar.time(now))}</span>
      </figcaption>
    </figure>
  );
}

/** The quarters of an hour up to now: a new object only when a new one began. */
export function useDaySlots(history: HistoryView | undefined, now: number, calendar: Calendar): SlotNames {
  const offsetMs = history === undefined ? 0 : history.ribbon.from % history.ribbon.slotMs;
  const { axis } = slotNamesOf('day', now, calendar, offsetMs);
  return useMemo(() => slotNamesOf('day', now, calendar, offsetMs), [axis.last, calendar, offsetMs]);
}

/** "02:15 to 02:30: slow, model-api answers with errors" */
function slotText(slot: number, strip: Strip, each: number, names: SlotNames, snapshot: Snapshot): string {
  const from = names.at(slot * each);
  const to = names.at((slot + 1) * each);
  const word = SLOT_WORDS[strip[slot] ?? '.'] ?? SLOT_WORDS['.'];
  const titles = snapshot.incidents
    .filter(({ start, end }) => start < to && (end ?? snapshot.writtenAt) >= from)
    .map(({ title }) => title);
  return [`${names.span(slot * each, (slot + 1) * each - 1)}: ${word}`, ...titles.slice(0, 2)].join(', ');
}
