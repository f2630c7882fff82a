import { readFileSync } from 'node:fs';

/** Counts that only rise: how many processes the kernel has killed here because memory ran out. */
export type OomKills = {
  /** Reads the counts; asked every few seconds while all is well. `steadyMs`: any clock that does not jump. */
  note(steadyMs: number): void;
  /** By what it is known that the kernel killed somebody within the last while, as one sentence, or `undefined`. */
  lately(steadyMs: number): string | undefined;
};

/** An end is heard of within seconds; what was killed before that is another story. */
const LATELY_MS = 10_000;

/**
 * Reads the kernel's own counts of out-of-memory kills, on Linux. Alone they say nothing of one service: with a SIGKILL
 * that nobody sent at that time they are what it died of.
 */
export function createOomKills(sources: readonly string[] = countsHere()): OomKills {
  let seen: { readonly steadyMs: number; readonly counts: readonly number[] }[] = [];
  const read = (): readonly number[] => sources.map(readCount);
  return {
    note(steadyMs) {
      const isRecent = (one: { readonly steadyMs: number }) => steadyMs - one.steadyMs < LATELY_MS;
      // The newest of the old ones is what "before" means.
      const before = seen.findLast((one) => !isRecent(one));
      seen = [...(before === undefined ? [] : [before]), ...seen.filter(isRecent), { steadyMs, counts: read() }];
    },
    lately(steadyMs) {
      const before = seen.findLast((one) => steadyMs - one.steadyMs >= LATELY_MS) ?? seen[0];
      if (before === undefined) return undefined;
      const now = read();
      const index = now.findIndex((count, place) => count > (before.counts[place] ?? Number.NaN));
      if (index < 0) return undefined;
      return `The kernel killed a process for want of memory then: oom_kill in ${sources[index]} rose from ${before.counts[index]} to ${now[index]}.`;
    },
  };
}

/** Of the whole host (proc(5), since Linux 4.13), and of the control group that we and what we start live in. */
function countsHere(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return ['/proc/vmstat', ...ownGroup()].filter((file) => !Number.isNaN(readCount(file)));
}

function ownGroup(): readonly string[] {
  try {
    const path = /^0::(\/.+)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    return path === undefined ? [] : [`/sys/fs/cgroup${path}/memory.events`];
  } catch {
    return [];
  }
}

/** NaN where there is none: nothing is above or below it. */
function readCount(file: string): number {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'latin1'))?.[1];
    return count === undefined ? Number.NaN : Number(count);
  } catch {
    return Number.NaN;
  }
}
