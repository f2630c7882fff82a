import { zoneName } from '../src/host/zone.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * Stands in for Intl in the bundled node-cron (scripts/host-clock.ts), which asks what the clock shows in one zone: the
 * host's. Date knows that by itself, and the first use of Intl's data costs the daemon 8 MB of resident memory for good.
 * Any other zone is still Intl's to answer.
 */
export const HostIntl = { DateTimeFormat };

type Formatter = { readonly formatToParts: (date: Date) => Intl.DateTimeFormatPart[] };

/** Called with `new`, as the original is; the parts are those of `en-US`. */
function DateTimeFormat(locale: string, options: Intl.DateTimeFormatOptions): Formatter {
  const { timeZone } = options;
  if (timeZone !== undefined && timeZone !== zoneName()) return new Intl.DateTimeFormat(locale, options);
  return { formatToParts: partsOf };
}

function partsOf(date: Date): Intl.DateTimeFormatPart[] {
  return [
    { type: 'weekday', value: WEEKDAYS[date.getDay()] ?? '' },
    { type: 'month', value: two(date.getMonth() + 1) },
    { type: 'day', value: two(date.getDate()) },
    { type: 'year', value: String(date.getFullYear()) },
    { type: 'hour', value: two(date.getHours()) },
    { type: 'minute', value: two(date.getMinutes()) },
    { type: 'second', value: two(date.getSeconds()) },
    { type: 'timeZoneName', value: shortOffset(-date.getTimezoneOffset()) },
  ];
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `GMT`, `GMT+1`, `GMT-3:30`. */
function shortOffset(minutes: number): string {
  if (minutes === 0) return 'GMT';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `GMT${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}
