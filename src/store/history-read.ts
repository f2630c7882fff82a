import { dayAt } from '../core/calendar.ts';
import type { CheckId } from '../core/types.ts';
import { DAY_MS, listSegments, QUARTER_MS, spanAt } from './history-files.ts';
import { dayPartAt, pointsOf, slotsIn } from './history-roll.ts';
import { coarser, evenly, type HistoryPoint, type HistorySlot, knowMore, slotsOf } from './history-slots.ts';

/** Wall times in ms; `from` inclusive, `to` exclusive and at most now. Without `check`: all of them. */
export type HistoryQuery = { readonly check?: CheckId; readonly from: number; readonly to: number };

/** What is read from: the folder, and the points that are not in it yet. */
export type Source = { readonly folder: string; readonly buffer: readonly HistoryPoint[] };

export async function readPoints(source: Source, query: HistoryQuery): Promise<readonly HistoryPoint[]> {
  const points = await allPoints(source, query);
  return points.filter((point) => point.at >= query.from && point.at < query.to).sort((a, b) => a.at - b.at);
}

/** 15-minute slots that overlap the range: those that are written, and of the hours that are not, from their points. */
export async function readQuarters(source: Source, query: HistoryQuery): Promise<readonly HistorySlot[]> {
  const within = (await listSegments(source.folder)).filter(({ from, to }) => from < query.to && to > query.from);
  const written = await slotsIn(
    within.filter(({ grain }) => grain === 'quarter'),
    evenly(QUARTER_MS),
    query.check,
  );
  const open = within.filter(({ grain, summed }) => grain === 'raw' && !summed).map(({ from }) => from);
  const first = Math.min(...open, ...source.buffer.map((point) => spanAt('raw', point.at).from));
  const range = { from: Math.max(first, floor(query.from, QUARTER_MS)), to: query.to, slotMs: QUARTER_MS };
  const fresh = first < query.to ? slotsOf(await allPoints(source, { ...query, ...range }), range) : [];
  return overlapping(query, knowMore([...written, ...fresh]));
}

/** Local days that overlap the range: their written parts, and of the others from their 15-minute slots. */
export async function readDays(source: Source, query: HistoryQuery): Promise<readonly HistorySlot[]> {
  const segments = await listSegments(source.folder);
  const begin = dayAt(query.from).from;
  const written = await slotsIn(
    segments.filter(({ grain, from, to }) => grain === 'daily' && from < query.to && to > begin),
    dayPartAt,
    query.check,
  );
  const open = segments.filter(({ grain, summed }) => grain !== 'daily' && !summed).map(({ from }) => from);
  const first = floor(Math.min(...open, ...source.buffer.map((point) => point.at)), DAY_MS);
  const from = Math.max(first, floor(begin, DAY_MS));
  const fresh = first < query.to ? coarser(await readQuarters(source, { ...query, from }), dayPartAt) : [];
  return overlapping(query, coarser(knowMore([...written, ...fresh]), dayAt));
}

async function allPoints(source: Source, query: HistoryQuery): Promise<HistoryPoint[]> {
  const buffered = source.buffer.filter((point) => (query.check ?? point.check) === point.check);
  return [...[...(await pointsOf(source.folder, query)).values()].flat(), ...buffered];
}

function overlapping(query: HistoryQuery, slots: readonly HistorySlot[]): readonly HistorySlot[] {
  return slots.filter(({ check, from, to }) => from < query.to && to > query.from && (query.check ?? check) === check);
}

function floor(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs;
}
