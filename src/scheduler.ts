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
  stop(): void;
};

type Entry = {
  readonly check: CheckPlan;
  /** Monotonic ms at which the next look is due. */
  dueAt: number;
  looking: boolean;
  /** An earlier look was wished for while one is under way. */
  againAt: number | undefined;
};

/** Looks due within this time of each other share one wake-up of the process. */
const TOGETHER_MS = 10;
const LAGS_KEPT = 2_000;

/**
 * Calls `look` for every check in its rhythm: never two looks of one check at a time, and a look that does not come
 * back delays no other. First looks are spread over the rhythm after the first round, so a thousand checks do not
 * leave in one burst. `look` must not reject.
 */
export function createScheduler(look: (check: CheckPlan) => Promise<void>): Scheduler {
  let entries = new Map<CheckId, Entry>();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let stopped = false;
  const lags: number[] = [];
  let lagIndex = 0;

  function use(plan: Plan): void {
    const before = entries;
    const now = monotonicMs();
    entries = new Map();
    for (const check of Object.values(plan.checks)) {
      const known = before.get(check.id);
      const keeps = known !== undefined && known.check.everyMs === check.everyMs;
      entries.set(
        check.id,
        keeps ? { ...known, check } : { check, dueAt: now, looking: known?.looking ?? false, againAt: undefined },
      );
    }
    arm();
  }

  function arm(): void {
    if (stopped) return;
    let next = Number.POSITIVE_INFINITY;
    for (const entry of entries.values()) if (!entry.looking && entry.dueAt < next) next = entry.dueAt;
    if (next >= timerAt && timer !== undefined) return;
    clearTimeout(timer);
    timerAt = next;
    timer = next === Number.POSITIVE_INFINITY ? undefined : setTimeout(run, Math.max(0, next - monotonicMs()));
  }

  function run(): void {
    timer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    const now = monotonicMs();
    for (const entry of entries.values()) if (!entry.looking && entry.dueAt <= now + TOGETHER_MS) begin(entry, now);
    arm();
  }

  function begin(entry: Entry, now: number): void {
    lags[lagIndex++ % LAGS_KEPT] = Math.max(0, now - entry.dueAt);
    entry.looking = true;
    entry.dueAt = nextDue(entry, now);
    void look(entry.check).then(() => finish(entry));
  }

  function finish(entry: Entry): void {
    // The plan may have changed meanwhile: then another entry stands for this check.
    const current = entries.get(entry.check.id);
    if (current === undefined) return;
    current.looking = false;
    if (current.againAt !== undefined) current.dueAt = Math.min(current.dueAt, current.againAt);
    current.againAt = undefined;
    arm();
  }

  function lookSoon(checks: readonly CheckId[], afterMs: number): void {
    const at = monotonicMs() + afterMs;
    for (const id of checks) {
      const entry = entries.get(id);
      if (entry === undefined) continue;
      if (entry.looking) entry.againAt = Math.min(entry.againAt ?? at, at);
      else entry.dueAt = Math.min(entry.dueAt, at);
    }
    arm();
  }

  function lagMs(q: number): number {
    const sorted = [...lags].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
  }

  return { use, lookSoon, lagMs, stop };
}

/**
 * Every check has its own place in the rhythm, by its name, so that the load is even; checks of the shortest rhythms
 * share theirs, so that the process wakes up seldom. A rhythm that was missed (host overloaded, asleep) is not caught up.
 */
function nextDue(entry: Entry, now: number): number {
  const { everyMs, id } = entry.check;
  const phase = everyMs <= 1_000 ? 0 : hash(id) % everyMs;
  const next = Math.floor((now + TOGETHER_MS - phase) / everyMs + 1) * everyMs + phase;
  return next;
}

function hash(text: string): number {
  // FNV-1a, 32 bit: small and even enough to spread names (Fowler, Noll, Vo).
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
