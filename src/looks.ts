import { checkNamed } from '../checks/index.ts';
import type { Event } from './core/events.ts';
import { isNews } from './core/news.ts';
import type { CheckPlan, Plan } from './core/plan.ts';
import type { World } from './core/state.ts';
import type { CheckId, Now, Result } from './core/types.ts';
import { lookOnce } from './look.ts';
import type { Scheduler } from './scheduler.ts';

export type LooksOptions = {
  readonly now: () => Now;
  readonly world: () => World;
  readonly push: (event: Event) => void;
  /** Every result, also those that are no news. */
  readonly remember: (result: Result, everyMs: number) => void;
};

/** Runs looks for the scheduler and hands them to the inbox; lets a caller wait for the next look of some checks. */
export function createLooks(options: LooksOptions) {
  const delivered = new Map<CheckId, Result>();
  const waiting = new Map<CheckId, ((result: Result) => void)[]>();
  let looks = 0;
  let number = 0;

  async function look(check: CheckPlan): Promise<void> {
    const looker = checkNamed(check.name);
    const { tracked } = options.world().state.targets[check.target] ?? {};
    const now = options.now();
    looks += 1;
    const result = looker === undefined ? undefined : await lookOnce(check, looker, { look: ++number, tracked, now });
    if (result === undefined) return;
    const target = options.world().state.targets[check.target];
    if (isNews(check, result, delivered.get(check.id), target)) {
      delivered.set(check.id, result);
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
