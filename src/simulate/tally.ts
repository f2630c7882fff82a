import type { Plan } from '../core/plan.ts';
import type { TargetId } from '../core/types.ts';
import type { Recorded } from './episode.ts';
import { isDown } from './see.ts';
import type { Ran } from './virtual-host.ts';

/** What a policy did, or would have done. Counts and ms. */
export type Tally = {
  /** Attempts on services, and on anything else. */
  readonly restarts: number;
  readonly cleanups: number;
  /** Harm: attempts on what got well by itself, or was well already; and those after which it was not well. */
  readonly needless: number;
  readonly inVain: number;
  /** How often nothing more could be tried, and living processes ended beyond the budget of unclean ends. */
  readonly exhausted: number;
  readonly beyondBudget: number;
  readonly alerts: number;
  readonly downMs: number;
};

export type Tallies = { readonly total: Tally; readonly targets: Readonly<Record<TargetId, Tally>> };

const NOTHING: Tally = {
  restarts: 0,
  cleanups: 0,
  needless: 0,
  inVain: 0,
  exhausted: 0,
  beyondBudget: 0,
  alerts: 0,
  downMs: 0,
};

/** What is on record, until `to` where it is still open. */
export function tallyOfRecord(recorded: readonly Recorded[], plan: Plan, to: number): Tallies {
  const tally = createTallies(plan);
  for (const { episode, attempts, alerts, exhausted } of recorded) {
    const { target, from, ended, vain } = episode;
    const { length } = attempts;
    tally.add(target, {
      ...acted(plan, target, length),
      needless: ended.by === 'itself' ? length : 0,
      inVain: ended.by === 'attempt' ? vain.length : length,
      exhausted,
      alerts,
      downMs: isDown(episode) && episode.soft !== true ? Math.max(0, (episode.to ?? to) - from) : 0,
    });
  }
  return tally.all();
}

export function tallyOfRun(ran: Ran, plan: Plan): Tallies {
  const tally = createTallies(plan);
  for (const { id, target, episode, isBeyondBudget } of ran.acts) {
    const isNeedless = episode === undefined || episode.ended.by === 'itself';
    const inVain = ran.helped.has(id) ? 0 : 1;
    const beyondBudget = isBeyondBudget ? 1 : 0;
    tally.add(target, { ...acted(plan, target, 1), needless: isNeedless ? 1 : 0, inVain, beyondBudget });
  }
  for (const [target, alerts] of Object.entries(ran.alerts)) tally.add(target, { alerts });
  for (const [target, exhausted] of Object.entries(ran.exhausted)) tally.add(target, { exhausted });
  for (const [target, downMs] of Object.entries(ran.downMs)) tally.add(target, { downMs });
  return tally.all();
}

function acted(plan: Plan, target: TargetId, times: number): Partial<Tally> {
  return plan.targets[target]?.kind === 'service' ? { restarts: times } : { cleanups: times };
}

function createTallies(plan: Plan) {
  const targets: Record<TargetId, Tally> = {};
  let total = NOTHING;
  for (const id of Object.keys(plan.targets)) targets[id] = NOTHING;

  function add(target: TargetId, more: Partial<Tally>): void {
    targets[target] = sum(targets[target] ?? NOTHING, more);
    total = sum(total, more);
  }

  return { add, all: (): Tallies => ({ total, targets }) };
}

function sum(one: Tally, more: Partial<Tally>): Tally {
  return {
    restarts: one.restarts + (more.restarts ?? 0),
    cleanups: one.cleanups + (more.cleanups ?? 0),
    needless: one.needless + (more.needless ?? 0),
    inVain: one.inVain + (more.inVain ?? 0),
    exhausted: one.exhausted + (more.exhausted ?? 0),
    beyondBudget: one.beyondBudget + (more.beyondBudget ?? 0),
    alerts: one.alerts + (more.alerts ?? 0),
    downMs: one.downMs + (more.downMs ?? 0),
  };
}
