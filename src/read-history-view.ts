import { setImmediate as turn } from 'node:timers/promises';
import type { HistoryView, TargetPast } from './core/history-view.ts';
import { openPast } from './core/past.ts';
import { pastTargets } from './core/past-targets.ts';
import type { Plan } from './core/plan.ts';
import type { History } from './store/history.ts';

const TARGETS_AT_A_TIME = 25;

/**
 * The past of every target of the plan, as the page draws it; `now` is wall time in ms. It takes a second or two with a
 * thousand services, and the daemon goes on meanwhile. Rejects when the history cannot be read.
 */
export async function readHistoryView(history: Pick<History, 'past'>, plan: Plan, now: number): Promise<HistoryView> {
  const wanted = pastTargets(plan, now);
  const past = openPast(wanted, now);
  const openFrom = await history.past(now, past);
  const targets: TargetPast[] = [];
  for (const [index, target] of wanted.entries()) {
    const its = past.target(target, openFrom);
    if (its !== undefined) targets.push(its);
    if (index % TARGETS_AT_A_TIME === 0) await turn();
  }
  return { schema: 1, writtenAt: now, ribbon: past.ribbon(), targets };
}
