import type { Span } from '../core/calendar.ts';
import type { CheckId } from '../core/types.ts';
import { DAY_MS, listSegments, QUARTER_MS, type Segment, spanAt } from './history-files.ts';
import { checkOfLine, readSlot } from './history-lines.ts';
import type { Source } from './history-read.ts';
import { dayPartAt, pointsOf } from './history-roll.ts';
import { addTo, eachCheck, eachLine } from './history-scan.ts';
import { evenly, type HistorySlot, type Spans, slotsOf } from './history-slots.ts';

/** Who wants to know the past, and of what. */
export type PastReader = {
  /** From when on the 15-minute slots of a check are wanted; `undefined`: never. */
  quartersFrom(check: CheckId): number | undefined;
  daysFrom(check: CheckId): number | undefined;
  quarter(check: CheckId, slot: HistorySlot): void;
  day(check: CheckId, slot: HistorySlot): void;
};

/**
 * Hands over everything wanted up to now, in no order, and now and then a slot twice (a crash while it was summed up);
 * the daemon goes on in between. Days come as their written parts. Returns from when on nothing is written as days yet.
 */
export async function readPast(source: Source, nowMs: number, reader: PastReader): Promise<number> {
  const segments = await listSegments(source.folder);
  const { quartersFrom, daysFrom } = reader;
  for (const segment of segments) {
    if (segment.grain === 'daily') await eachSlot(segment, dayPartAt, daysFrom, (slot) => reader.day(slot.check, slot));
    if (segment.grain === 'quarter')
      await eachSlot(segment, evenly(QUARTER_MS), quartersFrom, (slot) => reader.quarter(slot.check, slot));
  }
  await readOpenHours(source, segments, nowMs, reader);
  const open = segments.filter(({ grain, summed }) => grain !== 'daily' && !summed);
  return evenly(DAY_MS)(Math.min(nowMs, ...open.map(({ from }) => from))).from;
}

async function eachSlot(
  segment: Segment,
  spansAt: Spans,
  wantedFrom: (check: CheckId) => number | undefined,
  use: (slot: HistorySlot) => void,
): Promise<void> {
  let span: Span = { from: Number.NaN, to: Number.NaN };
  // Neighbours mostly begin at the same time, and to ask the calendar costs as much as to read a line.
  const spanAt = (at: number): Span => {
    if (span.from !== at) span = { ...spansAt(at), from: at };
    return span;
  };
  await eachLine(segment.file, (line) => {
    const check = checkOfLine(line);
    const from = check === undefined ? undefined : wantedFrom(check);
    // A whole file is older than what is wanted of nearly all checks: most lines are not even read.
    if (from === undefined || segment.to <= from) return;
    const slot = readSlot(line, spanAt);
    if (slot !== undefined && slot.from >= from) use(slot);
  });
}

/** The hours that are not summed up yet, from their points. */
async function readOpenHours(
  { folder, buffer }: Source,
  segments: readonly Segment[],
  nowMs: number,
  reader: PastReader,
): Promise<void> {
  const open = segments.filter(({ grain, summed }) => grain === 'raw' && !summed).map(({ from }) => from);
  const from = Math.min(nowMs, ...open, ...buffer.map(({ at }) => spanAt('raw', at).from));
  const points = await pointsOf(folder, { from, to: nowMs });
  for (const point of buffer) addTo(points, point.check, point);
  await eachCheck(points, (own, check) => {
    if (reader.quartersFrom(check) === undefined) return;
    for (const slot of slotsOf(own, { from, to: nowMs, slotMs: QUARTER_MS })) reader.quarter(check, slot);
  });
}
