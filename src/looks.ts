import { checkNamed } from '../checks/index.ts';
import { fingerprint } from './config/fingerprint.ts';
import type { Event } from './core/events.ts';
import { isAtRest, isNews, SAME_NEWS_MS } from './core/news.ts';
import type { CheckPlan, Plan } from './core/plan.ts';
import type { TargetState, World } from './core/state.ts';
import type { CheckId, Now, Result } from './core/types.ts';
import { monotonicMs } from './host/clock.ts';
import { lookOnce } from './look.ts';
import type { Scheduler } from './scheduler.ts';

export type LooksOptions = {
  readonly home: string;
  readonly now: () => Now;
  readonly world: () => World;
  readonly push: (event: Event) => void;
  /** Every result, also those that are no news. */
  readonly remember: (result: Result, everyMs: number) => void;
  readonly lookSoon: Scheduler['lookSoon'];
};

/** `undefined`: the check left the config. */
type Caller = (result: Result | undefined) => void;

/**
 * Runs looks for the scheduler and hands them to the inbox; lets a caller wait for the next look of some checks. A look
 * belongs to the plan it was begun under: when its check was changed or removed meanwhile, it says nothing.
 */
export function createLooks(options: LooksOptions) {
  const delivered = new Map<CheckId, Result>();
  /** Monotonic ms of the same: reading the steady clock for every glance would cost more than the glance. */
  const deliveredAt = new Map<CheckId, number>();
  const waiting = new Map<CheckId, Caller[]>();
  let inForce: Plan['checks'] = {};
  /** Looks up to this number were begun before their check was changed. */
  const oldUpTo = new Map<CheckId, number>();
  let looks = 0;
  let number = 0;

  /** Puts another plan in force. What was seen under the one before is no measure of what is news. */
  function use(plan: Plan): void {
    const before = inForce;
    inForce = plan.checks;
    for (const check of Object.values(before)) {
      const now = inForce[check.id];
      // A config that was only written anew gives equal checks, not the same ones.
      if (now !== undefined && fingerprint(now) === fingerprint(check)) continue;
      oldUpTo.set(check.id, number);
      delivered.delete(check.id);
      deliveredAt.delete(check.id);
      if (now === undefined) answer(check.id, undefined);
    }
  }

  /** Whether a look was begun before its check was changed or removed. */
  function isOld({ check, look }: Pick<Result, 'check' | 'look'>): boolean {
    return look <= (oldUpTo.get(check) ?? 0);
  }

  /** Returns nothing when a glance was enough, which it is for a living process of a target at rest. */
  function look(check: CheckPlan): Promise<void> | undefined {
    looks += 1;
    return nothingNew(check) ? undefined : lookFully(check);
  }

  function nothingNew(check: CheckPlan): boolean {
    const { glance } = checkNamed(check.name) ?? {};
    const before = delivered.get(check.id);
    if (glance === undefined || before?.status !== 'ok' || waiting.has(check.id)) return false;
    const target = options.world().state.targets[check.target];
    if (
      target?.tracked === undefined ||
      !isAtRest(target) ||
      monotonicMs() - (deliveredAt.get(check.id) ?? 0) >= SAME_NEWS_MS
    )
      return false;
    return glance(target.tracked);
  }

  async function lookFully(check: CheckPlan): Promise<void> {
    const looker = checkNamed(check.name);
    if (looker === undefined) return;
    const before = options.world().state.targets[check.target];
    const { tracked, owner } = before ?? {};
    const startedAtMs = before && startedAt(before);
    const seen = { look: ++number, tracked, owner, startedAtMs, now: options.now(), home: options.home };
    const result = await lookOnce(check, looker, seen);
    if (isOld(result)) return options.lookSoon([check.id], 0);
    const target = options.world().state.targets[check.target];
    if (isNews(check, result, delivered.get(check.id), target)) {
      delivered.set(check.id, result);
      deliveredAt.set(check.id, monotonicMs());
      options.push({ type: 'looked', result });
    }
    options.remember(result, check.everyMs);
    answer(check.id, result);
  }

  function answer(id: CheckId, result: Result | undefined): void {
    const callers = waiting.get(id) ?? [];
    waiting.delete(id);
    for (const caller of callers) caller(result);
  }

  /** Looks at these checks now; resolves when a look begun from now on is back for each that is still in the plan. */
  async function lookNow(ids: readonly CheckId[]): Promise<readonly Result[]> {
    const known = ids.filter((id) => inForce[id] !== undefined);
    const asked = options.now().steady;
    const results = known.map((id) => nextLook(id, asked));
    options.lookSoon(known, 0);
    return (await Promise.all(results)).filter((result) => result !== undefined);
  }

  function nextLook(id: CheckId, since: number): Promise<Result | undefined> {
    return new Promise((resolve) => {
      const take: Caller = (result) => {
        if (result === undefined || result.steady >= since) return resolve(result);
        // One that was under way when it was asked for: the next one is the answer.
        wait(id, take);
        options.lookSoon([id], 0);
      };
      wait(id, take);
    });
  }

  function wait(id: CheckId, take: Caller): void {
    waiting.set(id, [...(waiting.get(id) ?? []), take]);
  }

  return { use, look, lookNow, isOld, count: () => looks };
}

/** Since when it is starting; `undefined` too when its start command has failed since, which leaves no work to anybody. */
function startedAt({ starting, lastExit }: TargetState): number | undefined {
  if (starting === undefined) return undefined;
  const hasFailed = lastExit !== undefined && lastExit.exitCode !== 0 && lastExit.at.steady >= starting.since.steady;
  return hasFailed ? undefined : starting.since.steady;
}
