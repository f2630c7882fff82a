import { sayDuration } from '../core/units.ts';

/** Times for people: local to the host, 24-hour (DASHBOARD §10). `ms` is wall time since 1970. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');

/** `13:17:04`. */
export function clockTime(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** `13:17` today, `17 Nov 13:17` on another day, with the year when it is another one. */
export function shortTime(ms: number, nowMs: number): string {
  const date = day(ms, nowMs);
  return `${date === '' ? '' : `${date} `}${clockTime(ms).slice(0, 5)}`;
}

/** `13:17:04` today, `17 Nov 13:17:04` on another day. */
export function fullTime(ms: number, nowMs: number): string {
  const date = day(ms, nowMs);
  return `${date === '' ? '' : `${date} `}${clockTime(ms)}`;
}

/** `17 Nov 2026 13:17:04`: for what is read on other days too. */
export function dateTime(ms: number): string {
  const d = new Date(ms);
  return `${d.getDate()} ${MONTHS[d.getMonth()] ?? '?'} ${d.getFullYear()} ${clockTime(ms)}`;
}

/** Empty when both are the same day. Intl is left out on purpose: loading it costs more than all the rest of a status. */
function day(ms: number, nowMs: number): string {
  const d = new Date(ms);
  const today = new Date(nowMs);
  if (d.toDateString() === today.toDateString()) return '';
  const date = `${d.getDate()} ${MONTHS[d.getMonth()] ?? '?'}`;
  return d.getFullYear() === today.getFullYear() ? date : `${date} ${d.getFullYear()}`;
}

/** How long since `ms`; under a second reads as `0 s`, and a clock that was set back never gives a negative age. */
export function since(ms: number, nowMs: number): string {
  const age = nowMs - ms;
  return age < 1000 ? '0 s' : sayDuration(age);
}
