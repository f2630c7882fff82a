import { dayAt, type Span } from '../core/calendar.ts';
import type { CheckId } from '../core/types.ts';
import {
  appendLines,
  DAY_MS,
  type Grain,
  listSegments,
  markSummed,
  QUARTER_MS,
  removeSegment,
  SETTLED_MS,
  type Segment,
  segmentFile,
  sizeOf,
} from './history-files.ts';
import { checkOfLine, readPoint, readSlot, writeSlot } from './history-lines.ts';
import { addTo, eachCheck, eachLine } from './history-scan.ts';
import {
  coarser,
  evenly,
  type HistoryPoint,
  type HistorySlot,
  knowMore,
  type Spans,
  slotsOf,
} from './history-slots.ts';

const KEEP_MS: Readonly<Record<Grain, number>> = { raw: 2 * DAY_MS, quarter: 30 * DAY_MS, daily: 400 * DAY_MS };

/** How far back a slow check's point may reach into a segment from the one before (`standsForMs`). */
const CARRY_MS = 3_600_000;

/**
 * Sums what is complete into the next coarser grain, then removes what is older than its time, then the oldest until
 * `maxBytes` are kept. Safe to run at any time and after a crash half-way: a slot that was summed twice is read once.
 */
export async function rollUp(folder: string, nowMs: number, maxBytes: number): Promise<void> {
  for (const segment of await listSegments(folder)) {
    if (segment.grain === 'raw' && !segment.summed && segment.to + SETTLED_MS <= nowMs) await sumHour(folder, segment);
  }
  for (const segment of await listSegments(folder)) {
    if (segment.grain === 'quarter' && !segment.summed && segment.to + SETTLED_MS <= nowMs)
      await sumDay(folder, segment);
  }
  const kept: Segment[] = [];
  for (const segment of await listSegments(folder)) {
    if (segment.to + KEEP_MS[segment.grain] <= nowMs) await removeSegment(segment);
    else kept.push(segment);
  }
  await removeOver(kept, maxBytes);
}

async function sumHour(folder: string, hour: Segment): Promise<void> {
  const range = { from: hour.from, to: hour.to, slotMs: QUARTER_MS };
  const lines: string[] = [];
  await eachCheck(await pointsOf(folder, range), (points) => lines.push(...slotsOf(points, range).map(writeSlot)));
  if (lines.length > 0) await appendLines(segmentFile(folder, 'quarter', hour.from), lines.join(''));
  await markSummed(hour);
}

async function sumDay(folder: string, day: Segment): Promise<void> {
  const slots = new Map<CheckId, HistorySlot[]>();
  await eachLine(day.file, (line) => {
    const slot = readSlot(line, evenly(QUARTER_MS));
    if (slot !== undefined) addTo(slots, slot.check, slot);
  });
  const lines: string[] = [];
  await eachCheck(slots, (own) => lines.push(...coarser(knowMore(own), dayPartAt).map(writeSlot)));
  if (lines.length > 0) await appendLines(segmentFile(folder, 'daily', day.from), lines.join(''));
  await markSummed(day);
}

/**
 * Days are written as the parts that days of UTC cut them into: a file of 15-minute slots is a day of UTC, and what a
 * person calls a day begins at another time.
 */
export function dayPartAt(at: number): Span {
  const [utc, day] = [evenly(DAY_MS)(at), dayAt(at)];
  return { from: Math.max(utc.from, day.from), to: Math.min(utc.to, day.to) };
}

/** Points within a range, check by check; and from before it, of each check the last that may stand into it. */
export async function pointsOf(
  folder: string,
  range: Span & { readonly check?: CheckId | undefined },
): Promise<Map<CheckId, HistoryPoint[]>> {
  const points = new Map<CheckId, HistoryPoint[]>();
  const last = new Map<CheckId, HistoryPoint>();
  for (const segment of await listSegments(folder)) {
    if (segment.grain !== 'raw' || segment.to <= range.from - CARRY_MS || segment.from >= range.to) continue;
    await eachLine(segment.file, (line) => {
      const check = checkOfLine(line);
      const point = (range.check ?? check) === check ? readPoint(line) : undefined;
      if (point === undefined) return;
      if (point.at >= range.from) addTo(points, point.check, point);
      else if (point.at >= (last.get(point.check)?.at ?? 0)) last.set(point.check, point);
    });
  }
  for (const point of last.values()) addTo(points, point.check, point);
  return points;
}

/** The slots written in these segments, each once. */
export async function slotsIn(
  segments: readonly Segment[],
  spanAt: Spans,
  check?: CheckId,
): Promise<readonly HistorySlot[]> {
  const slots: HistorySlot[] = [];
  for (const segment of segments) {
    await eachLine(segment.file, (line) => {
      const slot = (check ?? checkOfLine(line)) === checkOfLine(line) ? readSlot(line, spanAt) : undefined;
      if (slot !== undefined) slots.push(slot);
    });
  }
  return knowMore(slots);
}

/**
 * What is summed up goes first: points, then 15-minute slots; then days. What is not yet summed up goes only when that
 * was not enough, for nothing else knows of it.
 */
async function removeOver(segments: readonly Segment[], maxBytes: number): Promise<void> {
  const sized = await Promise.all(segments.map(async (segment) => ({ segment, bytes: await sizeOf(segment) })));
  let total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [grain, summed] of REMOVED_FIRST) {
    for (const { segment, bytes } of sized) {
      if (total <= maxBytes) return;
      if (segment.grain !== grain || segment.summed !== summed) continue;
      await removeSegment(segment);
      total -= bytes;
    }
  }
}

const REMOVED_FIRST: readonly (readonly [Grain, boolean])[] = [
  ['raw', true],
  ['quarter', true],
  ['daily', false],
  ['raw', false],
  ['quarter', false],
];
