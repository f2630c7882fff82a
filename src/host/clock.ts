import { uptime } from 'node:os';
import type { State } from '../core/state.ts';
import type { Now } from '../core/types.ts';
import { bootId } from './boot-id.ts';

/** Where the clock gets its time; replaced in tests. All but `bootId` in ms, from any origin. */
export type ClockSources = {
  /** Civil time since 1970. People and NTP set it, so it jumps. */
  readonly wallMs: () => number;
  /** Time since boot, host sleep included; may have a resolution of whole seconds. */
  readonly uptimeMs: () => number;
  /** Fine and never set, but may stand still while the host sleeps. */
  readonly monotonicMs: () => number;
  readonly bootId: () => string;
};

export type Clock = {
  now(): Now;
  /** What the next daemon needs to let `steady` go on; kept in state.json. */
  stamp(): State['clock'];
};

// libuv answers uptime in whole seconds on macOS (kern.boottime), so a smaller difference is no sleep.
const SLEEP_RESOLUTION_MS = 2_000;
const LOOK_FOR_SLEEP_EVERY_MS = 100;

export function systemSources(): ClockSources {
  return { wallMs, uptimeMs: () => uptime() * 1_000, monotonicMs, bootId };
}

/** Civil time in ms since 1970, for what is only shown or compared with file times. Limits are measured with `steady`. */
export function wallMs(): number {
  return Date.now();
}

/** For measuring how long something took: ms from an arbitrary origin. */
export function monotonicMs(): number {
  return performance.now();
}

/** The kernel's monotonic clock in ms (CLOCK_MONOTONIC, from boot): what systemd stamps its own times with. */
export function kernelMonotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/**
 * Makes the clock. `steady` goes on where `saved` left it: by the uptime that passed when this is still the same boot,
 * else by wall time as far as that went forward. From then on it takes its fine steps from the monotonic clock and adds
 * what the uptime says that one slept through. It is a whole number of ms and never goes back.
 */
export function createClock(saved: State['clock'] | undefined, sources: ClockSources = systemSources()): Clock {
  const boot = sources.bootId();
  const monotonicAtStart = sources.monotonicMs();
  const uptimeAtStart = sources.uptimeMs();
  const steadyAtStart = saved === undefined ? 0 : saved.steady + timeAway(saved, boot, uptimeAtStart, sources.wallMs());
  let sleptMs = 0;
  let lookedForSleepAt = monotonicAtStart;
  let latest = Math.floor(steadyAtStart);

  const unexplainedMs = (monotonic: number) =>
    sources.uptimeMs() - uptimeAtStart - (monotonic - monotonicAtStart) - sleptMs;

  const steady = (monotonic: number) => {
    if (monotonic - lookedForSleepAt >= LOOK_FOR_SLEEP_EVERY_MS) {
      lookedForSleepAt = monotonic;
      // Read twice: on macOS uptime is a difference of two readings, and the wall clock may be set between them.
      if (unexplainedMs(monotonic) > SLEEP_RESOLUTION_MS) {
        const again = unexplainedMs(monotonic);
        if (again > SLEEP_RESOLUTION_MS) sleptMs += again;
      }
    }
    latest = Math.max(latest, Math.floor(steadyAtStart + (monotonic - monotonicAtStart) + sleptMs));
    return latest;
  };

  return {
    now: () => ({ at: sources.wallMs(), steady: steady(sources.monotonicMs()) }),
    stamp: () => {
      const monotonic = sources.monotonicMs();
      const now = steady(monotonic);
      // The uptime that `steady` has counted, not the one that is now: a sleep not yet noticed is then counted next time.
      const uptimeMs = Math.round(uptimeAtStart + (monotonic - monotonicAtStart) + sleptMs);
      return { at: sources.wallMs(), steady: now, bootId: boot, uptimeMs };
    },
  };
}

function timeAway(saved: State['clock'], boot: string, uptimeNow: number, wallNow: number): number {
  const sameBoot = boot !== '' && saved.bootId === boot;
  return Math.max(0, sameBoot ? uptimeNow - saved.uptimeMs : wallNow - saved.at);
}
