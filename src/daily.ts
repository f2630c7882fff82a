import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/**
 * Jobs for once a day, by the host's clock: node-cron with an explicit time zone, because its schedules follow civil
 * time. Checks never run on it (a schedule can pause for an hour when the clocks change).
 */
export async function startDailyJobs(options: {
  readonly store: Store;
  readonly log: Log;
  readonly tz: string;
  readonly now: () => number;
}): Promise<{ stop(): void }> {
  const { schedule } = await import('node-cron');
  const task = schedule(
    '17 4 * * *',
    async () => {
      await options.store.history
        .rollUp(options.now())
        .catch((error: unknown) => options.log.warn({ problem: String(error) }, 'history not summed up'));
      options.log.info('daily jobs done');
    },
    { timezone: options.tz, name: 'daily' },
  );
  return { stop: () => void task.stop() };
}
