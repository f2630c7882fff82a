import type { Series } from './history-view.ts';
import { lastSlot } from './past-targets.ts';
import type { CheckId } from './types.ts';

const MINUTE_MS = 60_000;
/** Half an hour before and half an hour after. */
const STEPS = 60;

/** The time that is drawn of an incident, in ms. */
export function timeAround(startedAt: number): { readonly from: number; readonly to: number } {
  const from = lastSlot(startedAt, MINUTE_MS) - (STEPS / 2 - 1) * MINUTE_MS;
  return { from, to: from + STEPS * MINUTE_MS };
}

type Reply = { readonly at: number; readonly value?: number; readonly everyMs?: number };

/** The replies of a service around the beginning of an incident, by the minute; `undefined` without any. `points` are in order of time. */
export function repliesAround(check: CheckId, startedAt: number, points: readonly Reply[]): Series | undefined {
  const { from, to } = timeAround(startedAt);
  const values: (number | null)[] = [];
  const put = (minute: number, value: number | null): void => {
    while (values.length < minute) values.push(null);
    // Of two in a minute the later one counts: it is nearer to the trouble.
    values[minute] = value;
  };
  for (const [index, { at, value, everyMs = 0 }] of points.entries()) {
    if (at < from || at >= to) continue;
    const minute = Math.floor((at - from) / MINUTE_MS);
    put(minute, value === undefined ? (values[minute] ?? null) : Math.round(value * 10) / 10);
    // Looks are kept once a minute at most, and so are a little more than a minute apart. Where none had a good answer
    // there is a longer gap, and it stays one.
    const next = points[index + 1];
    if (value === undefined || next === undefined || next.at - at > 2 * Math.max(everyMs, MINUTE_MS)) continue;
    const until = Math.min(Math.floor((next.at - from) / MINUTE_MS), STEPS);
    for (let bridged = minute + 1; bridged < until; bridged += 1) put(bridged, values[minute] ?? null);
  }
  return values.some((value) => value !== null)
    ? { check, unit: 'ms', t0: from, stepMs: MINUTE_MS, values }
    : undefined;
}
