import {
  appendLines,
  DAY_MS,
  type Grain,
  listSegments,
  markSummed,
  QUARTER_MS,
  readLines,
  removeSegment,
  type Segment,
  segmentFile,
  sizeOf,
} from './history-files.ts';
import { readPoint, readSlot, writeSlot } from './history-lines.ts';
import { coarser, type HistoryPoint, type HistorySlot, knowMore, slotsOf } from './history-slots.ts';

const KEEP_MS: Readonly<Record<Grain, number>> = { raw: 2 * DAY_MS, quarter: 30 * DAY_MS, daily: 400 * DAY_MS };

/** How far back a slow check's point may reach into a segment from the one before (`standsForMs`). */
const CARRY_MS = 3_600_000;

/**
 * Sums what is complete into the next coarser grain, then removes what is older than its time, then the oldest until
 * `maxBytes` are kept. Safe to run at any time and after a crash half-way: a slot that was summed twice is read once.
 */
export async function rollUp(folder: string, nowMs: number, maxBytes: number): Promise<void> {
  for (const segment of await listSegments(folder)) {
    if (segment.grain === 'raw' && !segment.summed && segment.to <= nowMs) await sumHour(folder, segment);
  }
  for (const segment of await listSegments(folder)) {
    if (segment.grain === 'quarter' && !segment.summed && segment.to <= nowMs) await sumDay(folder, segment);
  }
  const kept: Segment[] = [];
  for (const segment of await listSegments(folder)) {
    if (segment.to + KEEP_MS[segment.grain] <= nowMs) await removeSegment(segment);
    else kept.push(segment);
  }
  await removeOver(kept, maxBytes);
}

async function sumHour(folder: string, hour: Segment): Promise<void> {
  const points = await pointsOf(folder, { from: hour.from, to: hour.to });
  const slots = slotsOf(points, { from: hour.from, to: hour.to, slotMs: QUARTER_MS });
  if (slots.length > 0) await appendLines(segmentFile(folder, 'quarter', hour.from), slots.map(writeSlot).join(''));
  await markSummed(hour);
}

async function sumDay(folder: string, day: Segment): Promise<void> {
  const slots = coarser(await slotsIn([day], QUARTER_MS), DAY_MS);
  if (slots.length > 0) await appendLines(segmentFile(folder, 'daily', day.from), slots.map(writeSlot).join(''));
  await markSummed(day);
}

/** Points within a range and, before it, those that may stand into it. */
export async function pointsOf(
  folder: string,
  range: { readonly from: number; readonly to: number; readonly check?: string | undefined },
): Promise<readonly HistoryPoint[]> {
  const points: HistoryPoint[] = [];
  for (const segment of await listSegments(folder)) {
    if (segment.grain !== 'raw' || segment.to <= range.from - CARRY_MS || segment.from >= range.to) continue;
    for (const line of await readLines(segment.file)) {
      const point = readPoint(line);
      if (point !== undefined && (range.check ?? point.check) === point.check) points.push(point);
    }
  }
  return points;
}

/** The slots written in these segments, each once. */
export async function slotsIn(segments: readonly Segment[], slotMs: number): Promise<readonly HistorySlot[]> {
  const slots: HistorySlot[] = [];
  for (const segment of segments) {
    for (const line of await readLines(segment.file)) {
      const slot = readSlot(line, slotMs);
      if (slot !== undefined) slots.push(slot);
    }
  }
  return knowMore(slots);
}

/** Points go first, then 15-minute slots, then days; within a grain the oldest first. */
async function removeOver(segments: readonly Segment[], maxBytes: number): Promise<void> {
  const sized = await Promise.all(segments.map(async (segment) => ({ segment, bytes: await sizeOf(segment) })));
  let total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const grain of ['raw', 'quarter', 'daily'] satisfies Grain[]) {
    for (const { segment, bytes } of sized) {
      if (total <= maxBytes) return;
      if (segment.grain !== grain) continue;
      await removeSegment(segment);
      total -= bytes;
    }
  }
}
