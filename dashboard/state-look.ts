import type { TargetView, VerdictState } from '../src/core/snapshot.ts';

/** What a state looks like (DASHBOARD.md §7): shape first, words second, colour third. */
export type Shape = 'tick' | 'triangle' | 'octagon' | 'turning' | 'octagon-open' | 'paused' | 'question';
export type Tone = 'ok' | 'warn' | 'down' | 'info' | 'none';
export type Look = { readonly shape: Shape; readonly tone: Tone };

const LOOKS: Readonly<Record<VerdictState, Look>> = {
  working: { shape: 'tick', tone: 'ok' },
  slow: { shape: 'triangle', tone: 'warn' },
  down: { shape: 'octagon', tone: 'down' },
  recovering: { shape: 'turning', tone: 'down' },
  acknowledged: { shape: 'octagon-open', tone: 'down' },
  maintenance: { shape: 'paused', tone: 'info' },
  unknown: { shape: 'question', tone: 'none' },
  'first-run': { shape: 'question', tone: 'none' },
};

export const NO_DATA: Look = LOOKS.unknown;

/** The state may come from a newer daemon: a word this page does not know is never shown as good. */
export function lookOf(state: VerdictState): Look {
  return Object.hasOwn(LOOKS, state) ? LOOKS[state] : NO_DATA;
}

const WORST_FIRST: readonly VerdictState[] = [
  'down',
  'recovering',
  'slow',
  'acknowledged',
  'unknown',
  'maintenance',
  'first-run',
  'working',
];

export function rankOf(state: VerdictState): number {
  return Math.max(0, WORST_FIRST.indexOf(state));
}

/** Quicker looks than these reach the snapshot only when they see something new, and else this often (src/core/news.ts). */
const QUICK_MS = 10_000;
const SAME_NEWS_MS = 30_000;

/**
 * When the target's data ended, or `undefined` while it flows: a check without a result for three of its own intervals is
 * silent, even if the snapshot around it is fresh. Measured against the snapshot's own time, whose age is judged apart.
 */
export function silentSince(target: TargetView, writtenAt: number): number | undefined {
  const everyMs = (check: TargetView['checks'][number]): number =>
    check.everyMs < QUICK_MS ? SAME_NEWS_MS : check.everyMs;
  const silent = target.checks
    .filter((check) => check.at !== undefined && writtenAt - check.at > 3 * everyMs(check))
    .map((check) => check.at ?? writtenAt);
  return silent.length === 0 ? undefined : Math.min(...silent);
}
