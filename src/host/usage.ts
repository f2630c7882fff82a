import { setTimeout as delay } from 'node:timers/promises';

/** `cpuPercent`: share of one core over the sample, so it may be over 100. */
export type Usage = { readonly cpuPercent: number; readonly rssBytes: number };

/**
 * What these processes used over the last `sampleMs`, by pidusage; those that ended meanwhile are left out. Their mean
 * since they began would say little of now. Rejects with an AbortError when called off.
 */
export async function measureUse(
  pids: readonly number[],
  sampleMs: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Usage>> {
  const { default: pidusage } = await import('pidusage');
  try {
    // The first reading is what the second is compared with.
    await pidusage([...pids]);
    await delay(sampleMs, undefined, { signal });
    const read = await pidusage([...pids]);
    return new Map(
      Object.values(read).flatMap((use) =>
        use == null ? [] : [[use.pid, { cpuPercent: use.cpu, rssBytes: use.memory }] as const],
      ),
    );
  } finally {
    // It keeps a descriptor open for each process it has read.
    pidusage.clear();
  }
}
