import type { Series } from './history-view.ts';

/** What a stretch of time of a check came to. */
export type FigureSlot = {
  readonly from: number;
  readonly values: number;
  readonly mean: number | undefined;
  readonly most: number | undefined;
};

/** A check whose figure is drawn, how far back and how fine. */
export type FigurePlan = Pick<Series, 'check' | 'unit' | 't0' | 'stepMs'> & {
  readonly steps: number;
  /** Local midnight: the highest value since then is told too. */
  readonly today: number;
};

/** Sums the figures of one check into the steps of its chart. Local to one reading of the past. */
export function openFigures({ steps, today, ...plan }: FigurePlan) {
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  let mostToday: number | undefined;

  /** A mean weighs as many values as it is of; a slot that was written twice therefore changes nothing. */
  function add({ from, values, mean, most }: FigureSlot): void {
    const index = Math.floor((from - plan.t0) / plan.stepMs);
    if (mean !== undefined && index >= 0 && index < steps) {
      sums[index] = (sums[index] ?? 0) + mean * values;
      counts[index] = (counts[index] ?? 0) + values;
    }
    if (most !== undefined && from >= today) mostToday = Math.max(mostToday ?? most, most);
  }

  /** `undefined`: there was no figure. */
  function series(): Series | undefined {
    if (!counts.some((count) => count > 0)) return undefined;
    const values = Array.from(counts, (count, index) =>
      count === 0 ? null : short((sums[index] ?? 0) / count, plan.unit),
    );
    return { ...plan, values, ...(mostToday === undefined ? {} : { mostToday: short(mostToday, plan.unit) }) };
  }

  return { add, series };
}

/** As fine as a chart can show, and as short as a file wants it. */
function short(value: number, unit: Series['unit']): number {
  const digits = unit === 'percent' ? 100 : value < 100 ? 10 : 1;
  return Math.round(value * digits) / digits;
}
