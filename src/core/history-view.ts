/**
 * The past, as the page draws it: written beside the snapshot, in a file of its own, because it changes four times an
 * hour and the snapshot many times a minute. Times: ms since 1970; durations: ms. Grows by adding; `schema` rises when it
 * breaks.
 */
export type HistoryView = {
  readonly schema: 1;
  readonly writtenAt: number;
  /** The whole host over the last 24 h, worst first confirmed state of a slot. */
  readonly ribbon: Bars;
  /** One entry for each target that has a past, and one with the id `cpu`, in no order. */
  readonly targets: readonly TargetPast[];
  /**
   * Set where a host has more targets than a file has room for: what is left out of every entry (`series` are empty, the
   * `states` of bars are ''), the named range and those before it in this order. `targets`: there are no entries.
   */
  readonly leftOut?: 'series' | 'quarter' | 'month' | 'day' | 'targets';
};

/**
 * States of equal slots, oldest first, one letter each: `.` nothing known, `o` working, `s` slow, `d` down, `m` paused.
 * A single failed look that was never confirmed leaves no mark.
 */
export type Bars = {
  readonly from: number;
  readonly slotMs: number;
  readonly states: string;
};

export type TargetPast = {
  readonly id: string;
  /** 96 slots of 15 min. */
  readonly day: Bars;
  /** 30 and 90 days of the host's own calendar, the last of them today. `slotMs` is 24 h; `from` is a local midnight. */
  readonly month: Bars;
  readonly quarter: Bars;
  readonly uptime: { readonly day: Uptime; readonly month: Uptime; readonly quarter: Uptime };
  /** Main figures over time; a service's replies in ms, a disk's or the memory's used share or the busy share of the CPU in percent. */
  readonly series: readonly Series[];
  /** While a service has an open incident: its replies by the minute, from half an hour before it began to half an hour after. */
  readonly around?: Series;
};

/** Confirmed down time and known time; slow and paused time are not down, and unknown time is in neither. */
export type Uptime = { readonly downMs: number; readonly knownMs: number };

export type Series = {
  /** The check whose figure it is. */
  readonly check: string;
  readonly unit: 'ms' | 'percent';
  readonly t0: number;
  readonly stepMs: number;
  /** Means of the steps; a gap is `null` and is drawn as one. At most 400. */
  readonly values: readonly (number | null)[];
  /** Highest single value since local midnight, if there was one. */
  readonly mostToday?: number;
};
