/** Numbers and times as people read them (DASHBOARD.md §10). A space before a unit, none before the percent sign. */

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

/** "41 s", "2 min 14 s", "1 h 6 min", "12 d 3 h". Zero parts are left out. */
export function duration(ms: number): string {
  const pair = (big: number, unit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${big} ${unit}` : `${big} ${unit} ${small} ${smallUnit}`;
  const t = Math.max(0, ms);
  if (t < MIN) return `${Math.floor(t / S)} s`;
  if (t < H) return pair(Math.floor(t / MIN), 'min', Math.floor((t % MIN) / S), 's');
  if (t < D) return pair(Math.floor(t / H), 'h', Math.floor((t % H) / MIN), 'min');
  return pair(Math.floor(t / D), 'd', Math.floor((t % D) / H), 'h');
}

/** One unit only, for ages and up-times: "12 s", "47 min", "3 h", "12 d". */
export function age(ms: number): string {
  const t = Math.max(0, ms);
  if (t < 100 * S) return `${Math.floor(t / S)} s`;
  if (t < H) return `${Math.floor(t / MIN)} min`;
  if (t < 2 * D) return `${Math.floor(t / H)} h`;
  return `${Math.floor(t / D)} d`;
}

/** "24 h", "14 d": how far back a record goes, to the nearest hour or day. */
export function reach(ms: number): string {
  const unit = ms < 100 * MIN ? 1 : ms < 2 * D ? H : D;
  return age(Math.round(ms / unit) * unit);
}

/** The same in a sentence: "47 minutes", "1 hour", "2 days". */
export function ageInWords(ms: number): string {
  const word = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;
  const t = Math.max(0, ms);
  if (t < MIN) return word(Math.floor(t / S), 'second');
  if (t < H) return word(Math.floor(t / MIN), 'minute');
  if (t < 2 * D) return word(Math.floor(t / H), 'hour');
  return word(Math.floor(t / D), 'day');
}

/** Decimal sizes with three figures at most: "6.1 GB", "149 GB", "812 MB". */
export function bytes(count: number): string {
  const [scaled, unit] = scaledBytes(count);
  return `${scaled} ${unit}`;
}

/** "149 of 210 GB", or "812 MB of 16 GB" where the units differ. */
export function bytesOf(used: number, total: number): string {
  const [a, unitA] = scaledBytes(used);
  const [b, unitB] = scaledBytes(total);
  return unitA === unitB ? `${a} of ${b} ${unitB}` : `${a} ${unitA} of ${b} ${unitB}`;
}

function scaledBytes(count: number): [string, string] {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = Math.max(0, count);
  let unit = 0;
  // 999.5 and not 1000: what rounds to four figures belongs to the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit >= 3 && value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
  return [text, units[unit] ?? 'B'];
}

/** Milliseconds below a second, then seconds with one decimal: "182 ms", "1.3 s". */
export function reply(ms: number): string {
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Times of day and dates in the host's zone, by the platform's formatter. An unknown zone falls back to the viewer's. */
export type Calendar = {
  /** "13:17" */
  readonly time: (at: number) => string;
  /** "14:02:10" */
  readonly exact: (at: number) => string;
  /** "13:17" today, "17 Nov" otherwise. */
  readonly short: (at: number, now: number) => string;
  /** "13:17" today, "17 Nov, 13:17" otherwise. */
  readonly moment: (at: number, now: number) => string;
  /** "14:02:10" today, "17 Nov, 14:02:10" otherwise. */
  readonly exactMoment: (at: number, now: number) => string;
  /** "17 Nov" */
  readonly day: (at: number) => string;
  /** The day's number in the host's own calendar; the next day has the next number, however long a day is. */
  readonly dayNumber: (at: number) => number;
};

export function calendarOf(zone: string): Calendar {
  // Made when it is first used: the first of a page costs as much as drawing the whole verdict.
  const form = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    let formatter: Intl.DateTimeFormat | undefined;
    return (at) => {
      formatter ??= formatterIn(zone, options);
      return Number.isFinite(at) ? formatter.format(at) : '–';
    };
  };
  const time = form({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const exact = form({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const day = form({ day: 'numeric', month: 'short' });
  const date = form({ day: 'numeric', month: 'short', year: 'numeric' });
  const today = (at: number, now: number): boolean => date(at) === date(now);
  let parts: Intl.DateTimeFormat | undefined;
  // Formatting is slow and bars ask often. Every zone is off by whole quarters of an hour, so a quarter has one day.
  const quarters = new Map<number, number>();
  const dayNumber = (at: number): number => {
    const quarter = Math.floor(at / (15 * MIN));
    if (!Number.isFinite(quarter)) return 0;
    const known = quarters.get(quarter);
    if (known !== undefined) return known;
    parts ??= formatterIn(zone, { day: 'numeric', month: 'numeric', year: 'numeric' });
    const shown = parts.formatToParts(at);
    const part = (type: string): number => Number(shown.find((one) => one.type === type)?.value);
    const number = Math.round(Date.UTC(part('year'), part('month') - 1, part('day')) / D);
    if (quarters.size > 2000) quarters.clear();
    quarters.set(quarter, number);
    return number;
  };
  return {
    time,
    exact,
    short: (at, now) => (today(at, now) ? time(at) : day(at)),
    moment: (at, now) => (today(at, now) ? time(at) : `${day(at)}, ${time(at)}`),
    exactMoment: (at, now) => (today(at, now) ? exact(at) : `${day(at)}, ${exact(at)}`),
    day,
    dayNumber,
  };
}

function formatterIn(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', options);
  }
}

/** Whether the browser keeps its time in that zone. One zone can have an old and a new name: Asia/Calcutta, Asia/Kolkata. */
export function isOwnZone(zone: string): boolean {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === own || formatterIn(zone, {}).resolvedOptions().timeZone === own;
}

/** As the command line says it: nothing is full, or empty, that is not quite. */
export function wholePercent(percent: number): string {
  const rounded = Math.round(percent);
  if (rounded >= 100 && percent < 100) return '99%';
  return rounded <= 0 && percent > 0 ? '1%' : `${rounded}%`;
}
