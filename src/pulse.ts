import { monotonicMs, wallMs } from './host/clock.ts';

const EVERY_MS = 1_000;
const EARLY_MS = 10;
/** A gap of this length between two beats is no busy host: it slept, or the daemon was stopped. */
const AWAY_MS = 30_000;

/**
 * Beats once a second and says when the host was away: asleep, or the daemon stopped by a signal. Both clocks are
 * asked: on Linux the monotonic one stands still while the host sleeps, on macOS it does not.
 */
export function startPulse(beat: () => void, away: (awayMs: number) => void): { stop(): void; notice(): void } {
  let wall = wallMs();
  let monotonic = monotonicMs();
  // Timers that came due in the sleep all fire at once, in any order: whatever is first must not be judged as if the
  // time had been watched.
  const notice = (): void => {
    const gap = Math.max(monotonicMs() - monotonic, wallMs() - wall);
    wall = wallMs();
    monotonic = monotonicMs();
    // A wall clock set forward looks like sleep too; restarting freshness for it costs a minute and harms nothing.
    if (gap - EVERY_MS > AWAY_MS) away(gap);
  };
  let timer = setTimeout(pulse, toNextBeatMs());
  function pulse(): void {
    timer = setTimeout(pulse, toNextBeatMs());
    notice();
    beat();
  }
  return { stop: () => clearTimeout(timer), notice };
}

/** To the next whole beat of the monotonic clock: there the scheduler wakes the process too, so both wake it once. */
function toNextBeatMs(): number {
  const now = monotonicMs();
  // A timer may fire a moment early: that beat is not beaten twice.
  return (Math.floor((now + EARLY_MS) / EVERY_MS) + 1) * EVERY_MS - now;
}
