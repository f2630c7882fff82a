import type { SystemdNotify } from './host/notify-systemd.ts';

/** A look that is this late stands for a scheduler that does not come round: then no sign of life is given. */
const LATE_MS = 5_000;
const SIGNS_PER_WATCHDOG = 3;

export type Watchdog = {
  /** The first looks are begun. */
  ready(): void;
  /** Called by the pulse, so it is called only while the loop turns. */
  beat(): void;
  stopping(): Promise<void>;
};

/**
 * Tells systemd that we live, in thirds of the time it allows. What counts is that the loop turns and looks are begun in
 * their rhythm; not that a save succeeded: a full disk is no reason to be killed. Without anybody who waits it does nothing.
 */
export function startWatchdog(options: {
  readonly notify: SystemdNotify | undefined;
  /** How late the latest look is, ms. */
  readonly overdueMs: () => number;
  readonly monotonicMs: () => number;
  readonly onUnheard: () => void;
}): Watchdog {
  const { notify } = options;
  const everyMs = notify?.watchdogMs === undefined ? Number.POSITIVE_INFINITY : notify.watchdogMs / SIGNS_PER_WATCHDOG;
  let toldAt = options.monotonicMs();
  let telling = false;
  let readyUnheard = false;

  async function tell(word: string): Promise<boolean> {
    if (notify === undefined) return true;
    telling = true;
    const heard = await notify.tell(word);
    telling = false;
    if (!heard) options.onUnheard();
    return heard;
  }

  /** Until it was heard: a start that systemd does not see the end of is undone by it. */
  async function tellReady(): Promise<void> {
    toldAt = options.monotonicMs();
    readyUnheard = !(await tell('READY=1'));
  }

  return {
    ready: () => void tellReady(),
    beat() {
      if (telling) return;
      if (readyUnheard) return void tellReady();
      const now = options.monotonicMs();
      if (now - toldAt < everyMs || options.overdueMs() > LATE_MS) return;
      toldAt = now;
      void tell('WATCHDOG=1');
    },
    stopping: async () => void (await tell('STOPPING=1')),
  };
}
