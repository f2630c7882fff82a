/**
 * Durations, sizes and percentages as people write them (parse…, write…) and as they like to read them (say…).
 * write… is the exact inverse of parse…; say… rounds.
 */

/** What was read, or why not: `because` is a predicate that fits after the name of the option ("has no unit, …"). */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly because: string };

const MS_PER = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES_PER = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
} as const;

/** Regular expressions of what parse… takes, for editors (JSON Schema `pattern`). */
export const DURATION_PATTERN = '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$';
export const SIZE_PATTERN = '^\\d+(\\.\\d+)? ?(B|[kK]B|MB|GB|TB|KiB|MiB|GiB|TiB)$';
export const PERCENT_PATTERN = '^\\d+(\\.\\d+)?%$';

/** `30s 5m 1h 7d 500ms 1h30m` in ms. A number without a unit is refused: nobody can know what was meant. */
export function parseDuration(text: string): Parsed<number> {
  const trimmed = text.trim();
  if (!new RegExp(DURATION_PATTERN).test(trimmed)) return no(trimmed, 'a duration like 500ms, 30s, 5m, 1h or 7d', 's');
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    ms += Number(amount) * MS_PER[unit as keyof typeof MS_PER];
  }
  return yes(Math.round(ms), trimmed);
}

/** `100MB 1.5GiB 512B` in bytes. */
export function parseSize(text: string): Parsed<number> {
  const trimmed = text.trim();
  const match = new RegExp(SIZE_PATTERN).exec(trimmed);
  if (!match) return no(trimmed, 'a size like 512B, 100MB or 1.5GiB', 'MB');
  return yes(Math.round(Number.parseFloat(trimmed) * BYTES_PER[match[2] as keyof typeof BYTES_PER]), trimmed);
}

/** `90%` as 90. */
export function parsePercent(text: string): Parsed<number> {
  const trimmed = text.trim();
  if (!new RegExp(PERCENT_PATTERN).test(trimmed))
    return no(trimmed, 'a percentage like 90%', Number(trimmed) > 100 ? undefined : '%');
  return yes(Number.parseFloat(trimmed), trimmed);
}

function yes(value: number, text: string): Parsed<number> {
  if (!Number.isSafeInteger(Math.trunc(value))) return { ok: false, because: `is ${text}, that is too large` };
  return { ok: true, value };
}

function no(text: string, wanted: string, unit: string | undefined): Parsed<number> {
  if (/^-?\d+(\.\d+)?$/.test(text))
    return {
      ok: false,
      because: `is ${text} without a unit, ${wanted} is needed${unit === undefined ? '' : `; did you mean ${text.replace('-', '')}${unit}?`}`,
    };
  return { ok: false, because: `is "${text}", ${wanted} is needed` };
}

/** The shortest exact form: 90000 → `90s`, 300000 → `5m`, 5400000 → `90m`. */
export function writeDuration(ms: number): string {
  const units = ['d', 'h', 'm', 's'] as const;
  const unit = units.find((each) => ms !== 0 && ms % MS_PER[each] === 0);
  if (ms === 0) return '0s';
  return unit ? `${ms / MS_PER[unit]}${unit}` : `${ms}ms`;
}

export function writeSize(bytes: number): string {
  const units = ['TB', 'TiB', 'GB', 'GiB', 'MB', 'MiB', 'KB', 'KiB'] as const;
  const unit = units.find((each) => bytes !== 0 && bytes % BYTES_PER[each] === 0);
  return unit ? `${bytes / BYTES_PER[unit]}${unit}` : `${bytes}B`;
}

export function writePercent(percent: number): string {
  return `${percent}%`;
}

/** `250 ms`, `8 s`, `2 min 14 s`, `1 h 5 min`, `3 d 4 h`: two units at most, the smaller one rounded down. */
export function sayDuration(ms: number): string {
  const abs = Math.max(0, ms);
  if (abs < 1000) return `${Math.floor(abs)} ms`;
  const s = Math.floor(abs / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Reply times: `412 ms`, from a second on `1.2 s`. */
export function sayReply(ms: number): string {
  return Math.round(ms) < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** `6.1 GB`, `149 GB`, `41.5 MB`: decimal units, at most three figures. */
export function saySize(bytes: number): string {
  const { factor, unit } = unitFor(bytes);
  return `${figures(bytes / factor)} ${unit}`;
}

/** `149 of 210 GB`: both in the unit of the larger one. */
export function sayShare(usedBytes: number, totalBytes: number): string {
  const { factor, unit } = unitFor(totalBytes);
  return `${figures(usedBytes / factor)} of ${figures(totalBytes / factor)} ${unit}`;
}

/** `71%`: whole, and never up to 100 or down to 0 by rounding. */
export function sayPercent(percent: number): string {
  const rounded = Math.round(percent);
  if (rounded >= 100 && percent < 100) return '99%';
  if (rounded <= 0 && percent > 0) return '1%';
  return `${rounded}%`;
}

function unitFor(bytes: number): { factor: number; unit: string } {
  const steps = [
    { factor: 1e12, unit: 'TB' },
    { factor: 1e9, unit: 'GB' },
    { factor: 1e6, unit: 'MB' },
    { factor: 1e3, unit: 'kB' },
  ];
  // 999.6 MB would print as "1000 MB": whatever rounds up to the next unit is said in it.
  return steps.find((step) => bytes >= step.factor * 0.9995) ?? { factor: 1, unit: 'B' };
}

function figures(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value.toFixed(1).replace(/\.0$/, '');
}
