import { checkNamed } from '../checks/index.ts';
import type { Event } from './core/events.ts';
import { isAtRest, isNews, SAME_NEWS_MS } from './core/news.ts';
import type { CheckPlan, Plan } from './core/plan.ts';
import type { World } from './core/state.ts';
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
};

/** Runs looks for the scheduler and hands them to the inbox; lets a caller wait for the next look of some checks. */
export function createLooks(options: LooksOptions) {
  const delivered = new Map<CheckId, Result>();
  /** Monotonic ms of the same: reading the steady clock for every glance would cost more than the glance. */
  const deliveredAt = new Map<CheckId, number>();
  const waiting = new Map<CheckId, ((result: Result) => void)[]>();
  let looks = 0;
  let number = 0;

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
    const { tracked } = options.world().state.targets[check.target] ?? {};
    const seen = { look: ++number, tracked, now: options.now(), home: options.home };
    const result = await lookOnce(check, looker, seen);
    const target = options.world().state.targets[check.target];
    if (isNews(check, result, delivered.get(check.id), target)) {
      delivered.set(check.id, result);
      deliveredAt.set(check.id, monotonicMs());
      options.push({ type: 'looked', result });
    }
    options.remember(result, check.everyMs);
    const callers = waiting.get(check.id) ?? [];
    waiting.delete(check.id);
    for (const caller of callers) caller(result);
  }

  /** Looks at these checks now; resolves when a look begun from now on is back for each. */
  async function lookNow(
    ids: readonly CheckId[],
    scheduler: Pick<Scheduler, 'lookSoon'>,
    plan: Plan,
  ): Promise<readonly Result[]> {
    const known = ids.filter((id) => plan.checks[id] !== undefined);
    const asked = options.now().steady;
    const results = known.map((id) => nextLook(id, asked, scheduler));
    scheduler.lookSoon(known, 0);
    return await Promise.all(results);
  }

  function nextLook(id: CheckId, since: number, scheduler: Pick<Scheduler, 'lookSoon'>): Promise<Result> {
    return new Promise((resolve) => {
      const take = (result: Result): void => {
        if (result.steady >= since) return resolve(result);
        // One that was under way when it was asked for: the next one is the answer.
        wait(id, take);
        scheduler.lookSoon([id], 0);
      };
      wait(id, take);
    });
  }

  function wait(id: CheckId, take: (result: Result) => void): void {
    waiting.set(id, [...(waiting.get(id) ?? []), take]);
  }

  return { look, lookNow, count: () => looks };
}
