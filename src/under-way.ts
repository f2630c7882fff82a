import type { ActionOutcome } from './action.ts';
import { monotonicMs } from './host/clock.ts';

/** An action that is at work; its step gives it until `byMs` (monotonic), and what it has begun it still brings to its end. */
export type Act = { readonly target: string; readonly action: string; readonly byMs: number };

/** Longer than this after its step's time an action is not waited for: it hangs. */
const PATIENCE_MS = 60_000;

/** Knows which actions are really at work, also those that were given up. At most one at each target: two would start a service twice. */
export function createUnderWay(patienceMs = PATIENCE_MS) {
  const acts = new Map<string, Act>();
  const works = new Set<Promise<unknown>>();

  /** Keeps count of `work` until it has ended, however long it takes. */
  function follow(act: Act, work: Promise<ActionOutcome>): Promise<ActionOutcome> {
    acts.set(act.target, act);
    const whole = work.finally(() => {
      acts.delete(act.target);
      works.delete(whole);
    });
    works.add(whole);
    whole.catch(() => undefined); // told by whoever waits for the outcome
    return whole;
  }

  /** Resolves to true when no action is at work any more, and to false when one hangs. */
  async function ended(): Promise<boolean> {
    while (works.size > 0) {
      const leftMs = Math.max(...[...acts.values()].map(({ byMs }) => byMs)) + patienceMs - monotonicMs();
      if (leftMs <= 0) return false;
      await Promise.race([
        Promise.allSettled([...works]),
        new Promise((resolve) => setTimeout(resolve, leftMs).unref()),
      ]);
    }
    return true;
  }

  return { follow, ended, isAt: (target: string) => acts.has(target), list: (): readonly Act[] => [...acts.values()] };
}
