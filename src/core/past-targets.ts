import { dayAt } from './calendar.ts';
import type { FigurePlan } from './past-figures.ts';
import type { Plan, TargetPlan } from './plan.ts';
import { checksOf } from './turn.ts';
import type { CheckId, TargetId } from './types.ts';

export const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;
/** A day of 24 h in slots of 15 min. */
export const DAY_SLOTS = 96;
/** A disk fills over weeks: 14 days by the hour. */
const HOUR_MS = 3_600_000;
const FORTNIGHT_HOURS = 336;

/** The name of the processor's past. Nobody looks at it as a check does: it has a figure, and is never judged. */
export const CPU = 'cpu';

/** What has a past that is drawn; `figures` are the checks whose values are: one, or of disks each. */
export type PastTarget = { readonly id: TargetId; readonly figures: readonly FigurePlan[] };

/** Every target of the plan, in its order, and the processor. `now` is wall time in ms. */
export function pastTargets(plan: Plan, now: number): readonly PastTarget[] {
  const targets = Object.values(plan.targets).map((target) => ({
    id: target.id,
    figures: figuresOf(plan, target, now),
  }));
  // A service may have that name; then the past under it is the service's.
  if (plan.targets[CPU] !== undefined) return targets;
  return [...targets, { id: CPU, figures: [{ check: CPU, unit: 'percent', ...lastDay(now) }] }];
}

/** Where the slot begins that holds `now`. */
export function lastSlot(now: number, slotMs: number): number {
  return Math.floor(now / slotMs) * slotMs;
}

function figuresOf(plan: Plan, { id, kind }: TargetPlan, now: number): readonly FigurePlan[] {
  const checks = checksOf(plan, id);
  const day = lastDay(now);
  switch (kind) {
    case 'service': {
      const check = repliesOf(plan, id);
      return check === undefined ? [] : [{ check, unit: 'ms', ...day }];
    }
    case 'memory':
      return checks.slice(0, 1).map((check) => ({ check, unit: 'percent', ...day }));
    case 'disk': {
      const t0 = lastSlot(now, HOUR_MS) - (FORTNIGHT_HOURS - 1) * HOUR_MS;
      const fortnight = { today: day.today, t0, stepMs: HOUR_MS, steps: FORTNIGHT_HOURS };
      return checks.map((check) => ({ check, unit: 'percent', ...fortnight }));
    }
    case 'logs':
      return [];
  }
}

/** Of a service what answers is timed; its process is not. */
export function repliesOf(plan: Plan, id: TargetId): CheckId | undefined {
  return checksOf(plan, id).find((one) => plan.checks[one]?.name !== 'process');
}

/** A day in quarters of an hour, the last of them under way. */
function lastDay(now: number): Pick<FigurePlan, 'today' | 't0' | 'stepMs' | 'steps'> {
  const t0 = lastSlot(now, QUARTER_MS) - (DAY_SLOTS - 1) * QUARTER_MS;
  return { today: dayAt(now).from, t0, stepMs: QUARTER_MS, steps: DAY_SLOTS };
}
