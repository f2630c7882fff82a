import type { HistoryView } from '../src/core/history-view.ts';
import { cleanAll } from './clean.ts';
import { hasNumber, hasText, isRecord, listOf } from './shape.ts';

const KNOWN_SCHEMA = 1;
/** More slots than any range has; a longer text is no history of ours. */
const MOST_SLOTS = 200;

/** `undefined`: not a history this page can read (empty, torn, hostile, newer), so the last good one stays. */
export function readHistory(raw: unknown): HistoryView | undefined {
  if (!isRecord(raw) || raw['schema'] !== KNOWN_SCHEMA || !hasNumber(raw, 'writtenAt')) return undefined;
  const sound = isBars(raw['ribbon']) && listOf(raw['targets'], isPast);
  return sound ? (cleanAll(raw) as HistoryView) : undefined;
}

const isPast = (past: unknown): boolean =>
  hasText(past, 'id') &&
  isRecord(past) &&
  isBars(past['day']) &&
  isBars(past['month']) &&
  isBars(past['quarter']) &&
  isRecord(past['uptime']) &&
  ['day', 'month', 'quarter'].every((range) => isRecord(past['uptime']) && isUptime(past['uptime'][range])) &&
  listOf(past['series'], isSeries) &&
  (past['around'] === undefined || isSeries(past['around']));

const isUptime = (uptime: unknown): boolean => hasNumber(uptime, 'downMs', 'knownMs');

const isBars = (bars: unknown): boolean =>
  hasNumber(bars, 'from', 'slotMs') &&
  isRecord(bars) &&
  Number(bars['slotMs']) > 0 &&
  typeof bars['states'] === 'string' &&
  bars['states'].length <= MOST_SLOTS;

const isSeries = (series: unknown): boolean =>
  hasText(series, 'check', 'unit') &&
  hasNumber(series, 't0', 'stepMs') &&
  isRecord(series) &&
  Number(series['stepMs']) > 0 &&
  listOf(series['values'], (value) => value === null || Number.isFinite(value)) &&
  Array.isArray(series['values']) &&
  series['values'].length <= 10_000;
