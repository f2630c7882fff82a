/** When the page's files are written. Pure; times in steady ms. */
export const PAGE_TIMES = {
  /** A page on disk expects new data about this often (the snapshot's `everyMs`). */
  dataEveryMs: 20_000,
  /** So seldom is a large data file renewed while nothing happens: a page still calls it fresh (2.5 x 20 s + 5 s). */
  dataMostMs: 48_000,
  /** What the data file of an idle host may come to in a day; an idle daemon writes at most 100 MB in all (DESIGN.md §7). */
  dataBytesADay: 40_000_000,
  /** However much happens, the data file is not written more often: once a second, slower where it is huge. */
  dataLeastMs: 1000,
  hugeBytes: 200_000,
  /** The embedded copy serves browsers that may see only the one file. */
  pageEveryMs: 5 * 60_000,
  /** A flapping service must not rewrite the large page all day. */
  pageLeastMs: 5000,
  /** A caller that asks every second is never exactly on time. */
  slackMs: 1000,
} as const;

export type Written = {
  readonly dataAt: number | undefined;
  readonly pageAt: number | undefined;
  /** Size of the data file. */
  readonly dataBytes: number;
};
/** For each file: now, in so many ms, or not at all. */
export type Due = { readonly dataInMs: number | undefined; readonly pageInMs: number | undefined };

export function dueOf(written: Written, stateChanged: boolean, now: number): Due {
  const { dataLeastMs, hugeBytes, pageEveryMs, pageLeastMs, slackMs } = PAGE_TIMES;
  const leastMs = dataLeastMs * Math.max(1, written.dataBytes / hugeBytes);
  return {
    dataInMs: dueIn(written.dataAt, stateChanged, now, leastMs, renewEveryMs(written.dataBytes) - slackMs),
    pageInMs: dueIn(written.pageAt, stateChanged, now, pageLeastMs, pageEveryMs - slackMs),
  };
}

/** How often a data file of this size is renewed while nothing happens. */
export function renewEveryMs(bytes: number): number {
  const affordableMs = (bytes / PAGE_TIMES.dataBytesADay) * DAY_MS;
  return Math.min(PAGE_TIMES.dataMostMs, Math.max(PAGE_TIMES.dataEveryMs, affordableMs));
}

const DAY_MS = 86_400_000;

function dueIn(
  at: number | undefined,
  changed: boolean,
  now: number,
  leastMs: number,
  everyMs: number,
): number | undefined {
  if (at === undefined) return 0;
  const passedMs = now - at;
  if (changed) return Math.max(0, leastMs - passedMs);
  return passedMs >= everyMs ? 0 : undefined;
}
