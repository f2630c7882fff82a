import { setImmediate as turn } from 'node:timers/promises';
import type { HistoryView, Series, TargetPast } from './core/history-view.ts';
import { openPast } from './core/past.ts';
import { repliesAround, timeAround } from './core/past-around.ts';
import { pastTargets, repliesOf } from './core/past-targets.ts';
import type { Plan } from './core/plan.ts';
import type { Incident } from './core/state.ts';
import type { TargetId } from './core/types.ts';
import type { History } from './store/history.ts';

const TARGETS_AT_A_TIME = 25;
/** Each costs an hour or two of points to be read. */
const INCIDENTS_SHOWN = 3;

/**
 * The past of every target of the plan, as the page draws it; `now` is wall time in ms. It takes a second or two with a
 * thousand services, and the daemon goes on meanwhile. Rejects when the history cannot be read.
 */
export async function readHistoryView(
  history: Pick<History, 'past' | 'points'>,
  plan: Plan,
  now: number,
  incidents: readonly Incident[] = [],
): Promise<HistoryView> {
  const wanted = pastTargets(plan, now);
  const past = openPast(wanted, now);
  const openFrom = await history.past(now, past);
  const around = await readAround(history, plan, now, incidents);
  const targets: TargetPast[] = [];
  for (const [index, target] of wanted.entries()) {
    const its = past.target(target, openFrom);
    const own = around.get(target.id);
    if (its !== undefined) targets.push(own === undefined ? its : { ...its, around: own });
    if (index % TARGETS_AT_A_TIME === 0) await turn();
  }
  return { schema: 1, writtenAt: now, ribbon: past.ribbon(), targets };
}

/** The replies around each of the newest open incidents, by their targets. */
async function readAround(
  history: Pick<History, 'points'>,
  plan: Plan,
  now: number,
  incidents: readonly Incident[],
): Promise<ReadonlyMap<TargetId, Series>> {
  const found = new Map<TargetId, Series>();
  const open = incidents
    .filter(({ ended, target }) => ended === undefined && plan.targets[target]?.kind === 'service')
    .sort((a, b) => b.started.at - a.started.at);
  for (const { target, started } of open.slice(0, INCIDENTS_SHOWN)) {
    const check = repliesOf(plan, target);
    if (check === undefined) continue;
    const { from, to } = timeAround(started.at);
    const points = await history.points({ check, from, to: Math.min(to, now) });
    const series = repliesAround(check, started.at, points);
    if (series !== undefined) found.set(target, series);
  }
  return found;
}
