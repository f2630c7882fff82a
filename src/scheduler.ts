import type { CheckPlan, Plan } from './core/plan.ts';
import type { CheckId } from './core/types.ts';
import { monotonicMs } from './host/clock.ts';

export type Scheduler = {
  /** Puts another plan in force; checks that stay keep their rhythm. The first looks of new ones come at once. */
  use(plan: Plan): void;
  /** A look earlier than its rhythm, once; during a look of the same check it follows that one. */
  lookSoon(checks: readonly CheckId[], afterMs: number): void;
  /** Share `q` (0 to 1) of recent looks began no later than this many ms after they were due. */
  lagMs(q: number): number;
  /** How late the latest look is that could begin and has not, ms: well above 0 only while nothing is begun at all. */
  overdueMs(): number;
  stop(): void;
};

type Entry = {
  readonly check: CheckPlan;
  /** Place within the rhythm, ms. */
  readonly phase: number;
  /** Monotonic ms at which the next look is due. */
  dueAt: number;
  /** An earlier look was wished for while one is under way. */
  againAt: number | undefined;
};

/** Looks due within this time of each other share one wake-up of the process. */
const TOGETHER_MS = 10;
const LAGS_KEPT = 2_000;
const BATCH = 16;
const TICK_MS = 250;

/**
 * Calls `look` for every check in its rhythm: never two looks of one check at a time, and a look that does not come
 * back delays no other. `look` must not reject; it returns
 * nothing when it was done at once.
 */
export function createScheduler(look: (check: CheckPlan) => Promise<void> | undefined): Scheduler {
  let entries = new Map<CheckId, Entry>();
  /** Apart from the entries: a check may leave the plan and join it again during one look. */
  const underWay = new Set<CheckId>();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let stopped = false;
  const lags: number[] = [];
  let lagIndex = 0;

  function use(plan: Plan): void {
    const before = entries;
    const now = monotonicMs();
    entries = new Map();
    const places = phases(Object.values(plan.checks));
    for (const check of Object.values(plan.checks)) {
      const known = before.get(check.id);
      const phase = places.get(check.id) ?? 0;
      const fresh = { check, phase, dueAt: now, againAt: undefined };
      entries.set(check.id, known?.check.everyMs === check.everyMs ? { ...known, check, phase } : fresh);
    }
    arm();
  }

  function arm(): void {
    if (stopped) return;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of entries.values()) if (isFree(entry) && entry.dueAt < next) next = entry.dueAt;
    if (next >= timerAt && timer !== undefined) return;
    clearTimeout(timer);
    timerAt = next;
    timer = next === Number.POSITIVE_INFINITY ? undefined : setTimeout(run, Math.max(0, next - monotonicMs()));
  }

  function isFree({ check }: Entry): boolean {
    return !underWay.has(check.id);
  }

  function run(): void {
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    const now = monotonicMs();
    for (const entry of entries.values()) if (isFree(entry) && entry.dueAt <= now + TOGETHER_MS) begin(entry, now);
    arm();
  }

  function begin(entry: Entry, now: number): void {
    const lag = monotonicMs() - entry.dueAt;
    entry.dueAt = nextDue(entry, now);
    const looking = look(entry.check);
    // Glances would drown the looks that leave the host's processes: only real looks are counted.
    if (looking === undefined) return;
    lags[lagIndex++ % LAGS_KEPT] = Math.max(0, lag);
    underWay.add(entry.check.id);
    void looking.then(() => finish(entry.check.id));
  }

  function finish(id: CheckId): void {
    underWay.delete(id);
    // The plan may have changed meanwhile: then another entry stands for this check, or none.
    const current = entries.get(id);
    if (current === undefined) return;
    if (current.againAt !== undefined) current.dueAt = Math.min(current.dueAt, current.againAt);
    current.againAt = undefined;
    arm();
  }

  function lookSoon(checks: readonly CheckId[], afterMs: number): void {
    const at = monotonicMs() + afterMs;
    for (const id of checks) {
      const entry = entries.get(id);
      if (entry === undefined) continue;
      if (!isFree(entry)) entry.againAt = Math.min(entry.againAt ?? at, at);
      else entry.dueAt = Math.min(entry.dueAt, at);
    }
    arm();
  }

  function lagMs(q: number): number {
    const sorted = [...lags].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  }

  function overdueMs(): number {
    const waiting = [...entries.values()].filter(isFree).map(({ dueAt }) => dueAt);
    return waiting.length === 0 ? 0 : Math.max(0, monotonicMs() - Math.min(...waiting));
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
  }

  return { use, lookSoon, lagMs, overdueMs, stop };
}

/**
 * When each check has its place in its rhythm. Looks in small batches: the first HTTP request after a second of rest
 * costs ten times what the next one does (code and caches have gone cold), so ten services share one waking; a
 * thousand are spread evenly all the same. Every place is a tick of the fastest rhythm, which wakes the process anyway.
 */
function phases(checks: readonly CheckPlan[]): ReadonlyMap<CheckId, number> {
  const rhythms = new Map<number, CheckPlan[]>();
  for (const check of checks) rhythms.set(check.everyMs, [...(rhythms.get(check.everyMs) ?? []), check]);
  const placed = new Map<CheckId, number>();
  for (const [everyMs, members] of rhythms) {
    const batches = Math.ceil(members.length / BATCH);
    members.forEach(({ id }, index) => {
      const even = (Math.floor(index / BATCH) / batches) * everyMs;
      placed.set(id, everyMs <= TICK_MS ? 0 : Math.floor(even / TICK_MS) * TICK_MS);
    });
  }
  return placed;
}

/** A rhythm that was missed (host overloaded, asleep) is not caught up. */
function nextDue({ phase, check: { everyMs } }: Entry, now: number): number {
  return Math.floor((now + TOGETHER_MS - phase) / everyMs + 1) * everyMs + phase;
}
