import { dayAt } from './calendar.ts';
import type { FigurePlan } from './past-figures.ts';
import type { Plan, TargetPlan } from './plan.ts';
import { checksOf } from './turn.ts';
import type { TargetId } from './types.ts';

export const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;
/** A day of 24 h in slots of 15 min. */
export const DAY_SLOTS = 96;
/** A disk fills over weeks: 14 days by the hour. */
const HOUR_MS = 3_600_000;
const FORTNIGHT_HOURS = 336;

/** A target whose past is drawn; `figure` is the check whose values are. */
export type PastTarget = { readonly id: TargetId; readonly figure: FigurePlan | undefined };

/** Every target of the plan, in its order. `now` is wall time in ms. */
export function pastTargets(plan: Plan, now: number): readonly PastTarget[] {
  return Object.values(plan.targets).map((target) => ({ id: target.id, figure: figureOf(plan, target, now) }));
}

/** Where the slot begins that holds `now`. */
export function lastSlot(now: number, slotMs: number): number {
  return Math.floor(now / slotMs) * slotMs;
}

function figureOf(plan: Plan, { id, kind }: TargetPlan, now: number): FigurePlan | undefined {
  // Of a service what answers is timed; its process is not.
  const check = checksOf(plan, id).find((one) => plan.checks[one]?.name !== 'process');
  const today = dayAt(now).from;
  const day = { t0: lastSlot(now, QUARTER_MS) - (DAY_SLOTS - 1) * QUARTER_MS, stepMs: QUARTER_MS, steps: DAY_SLOTS };
  if (check === undefined) return undefined;
  switch (kind) {
    case 'service':
      return { check, unit: 'ms', today, ...day };
    case 'memory':
      return { check, unit: 'percent', today, ...day };
    case 'disk': {
      const t0 = lastSlot(now, HOUR_MS) - (FORTNIGHT_HOURS - 1) * HOUR_MS;
      return { check, unit: 'percent', today, t0, stepMs: HOUR_MS, steps: FORTNIGHT_HOURS };
    }
    case 'logs':
      return undefined;
  }
}
