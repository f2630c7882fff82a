import { clean } from './clean.ts';
import { type Paint, type Paper, paint } from './paper.ts';
import { fullTime } from './time.ts';

/** Names and numbers of pino's levels (pino docs, "levels"). */
export const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const;
export type Level = keyof typeof LEVELS;

export type LogEntry = {
  readonly level: number;
  readonly at: number;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

// What pino puts on every line and a person does not read.
const DULL = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v']);

/** A line of the log, or `undefined` when it is none (torn, foreign). */
export function parseLogLine(line: string): LogEntry | undefined {
  let seen: unknown;
  try {
    seen = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof seen !== 'object' || seen === null || Array.isArray(seen)) return undefined;
  const entry = new Map(Object.entries(seen));
  const level = entry.get('level');
  const time = entry.get('time');
  const msg = entry.get('msg');
  return {
    level: levelNumber(level),
    at: typeof time === 'number' ? time : Date.parse(String(time)) || 0,
    message: typeof msg === 'string' ? msg : '',
    fields: Object.fromEntries([...entry].filter(([key]) => !DULL.has(key))),
  };
}

/** `13:17:04 INFO  action done  target=hub tookMs=182`. One line, not cut: it is there to be searched. */
export function renderLogEntry(entry: LogEntry, paper: Paper): string {
  const { message, rest } = inWords(entry);
  const fields = Object.entries(rest).map(([key, value]) => `${clean(key, 60)}=${fieldText(value)}`);
  const level = levelName(entry.level);
  return [
    paint(fullTime(entry.at, paper.nowMs), 'faint', paper),
    paint(level.toUpperCase().padEnd(5), paintOfLevel(entry.level), paper),
    clean(message, 2000),
    ...(fields.length === 0 ? [] : [paint(fields.join(' '), 'faint', paper)]),
  ].join(' ');
}

/** What was told of a target reads as it does in `explain` and `incidents show`; the rest is for `--json`. */
function inWords({ message, fields }: LogEntry): { readonly message: string; readonly rest: LogEntry['fields'] } {
  const { target, text, detail, incident } = fields;
  if (message !== 'told' || typeof text !== 'string') return { message, rest: fields };
  const about = typeof target === 'string' && !text.startsWith(`${target} `) ? `${target}: ` : '';
  const why = typeof detail === 'string' && detail !== '' ? ` (${detail})` : '';
  return { message: `${about}${text}${why}`, rest: incident === undefined ? {} : { incident } };
}

function fieldText(value: unknown): string {
  const text = clean(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined'), 2000);
  return typeof value === 'string' && (/[\s"=]/.test(text) || text === '') ? JSON.stringify(text) : text;
}

/** pino writes numbers, or names when it is told to. */
function levelNumber(level: unknown): number {
  if (typeof level === 'number') return level;
  return typeof level === 'string' && isLevel(level) ? LEVELS[level] : LEVELS.info;
}

export function isLevel(name: string): name is Level {
  return Object.hasOwn(LEVELS, name);
}

function levelName(level: number): Level {
  const names = Object.entries(LEVELS).filter(([, number]) => number <= level);
  return (names.at(-1)?.[0] ?? 'trace') as Level;
}

function paintOfLevel(level: number): Paint {
  if (level >= LEVELS.error) return 'bad';
  return level >= LEVELS.warn ? 'watch' : 'plain';
}
