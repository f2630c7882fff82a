import type { PastStatus } from '../core/remembered.ts';
import type { HistoryPoint, HistorySlot, Spans } from './history-slots.ts';

// Short lines on purpose: a busy host writes a million of them a day. Arrays, statuses by their first letter.
const LETTERS = { ok: 'o', warning: 'w', critical: 'c', paused: 'p', unknown: 'u', idle: 'i' } as const;
const STATUSES = new Map<unknown, PastStatus>(
  (['ok', 'warning', 'critical', 'paused', 'unknown', 'idle'] as const).map((status) => [LETTERS[status], status]),
);
const BEGIN = '["';

/** `[check, at, status, value, everyMs]`, the last two only when they say something. */
export function writePoint(point: HistoryPoint): string {
  const { check, at, status, value, everyMs } = point;
  const slow = everyMs !== undefined && everyMs > 60_000;
  const cells: unknown[] = [check, at, LETTERS[status]];
  if (value !== undefined || slow) cells.push(value === undefined ? null : short(value));
  if (slow) cells.push(everyMs);
  return `${JSON.stringify(cells)}\n`;
}

/** A line that a crash cut short, or that is not ours, gives nothing. */
export function readPoint(line: string): HistoryPoint | undefined {
  const [check, at, letter, value, everyMs] = cellsOf(line);
  const status = STATUSES.get(letter);
  if (typeof check !== 'string' || typeof at !== 'number' || status === undefined) return undefined;
  return {
    check,
    at,
    status,
    ...(typeof value === 'number' && { value }),
    ...(typeof everyMs === 'number' && { everyMs }),
  };
}

/** `[check, from, worst, downMs, warningMs, knownMs, values, mean, least, most]`. */
export function writeSlot(slot: HistorySlot): string {
  const { check, from, worst, downMs, warningMs, knownMs, values } = slot;
  const figures = [slot.mean, slot.least, slot.most].filter((figure) => figure !== undefined).map(short);
  return `${JSON.stringify([check, from, LETTERS[worst], downMs, warningMs, knownMs, values, ...figures])}\n`;
}

/** `spanAt` says where a slot that begins so ends. */
export function readSlot(line: string, spanAt: Spans): HistorySlot | undefined {
  const [check, from, letter, ...figures] = cellsOf(line);
  const worst = STATUSES.get(letter);
  const numbers = figures.filter((figure) => typeof figure === 'number');
  const [downMs, warningMs, knownMs, values, mean, least, most] = numbers;
  if (typeof check !== 'string' || typeof from !== 'number' || worst === undefined) return undefined;
  if (downMs === undefined || warningMs === undefined || knownMs === undefined || values === undefined)
    return undefined;
  return { check, from, to: spanAt(from).to, worst, downMs, warningMs, knownMs, values, mean, least, most };
}

/** Whose line it is, without reading the rest: most lines are not wanted. */
export function checkOfLine(line: string): string | undefined {
  const end = line.indexOf('",', BEGIN.length);
  if (end < 0 || !line.startsWith(BEGIN)) return undefined;
  const key = line.slice(BEGIN.length, end);
  if (!key.includes('\\')) return key;
  const [check] = cellsOf(line);
  return typeof check === 'string' ? check : undefined;
}

function cellsOf(line: string): readonly unknown[] {
  try {
    const cells: unknown = JSON.parse(line);
    return Array.isArray(cells) ? cells : [];
  } catch {
    return [];
  }
}

function short(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}
