import { lastDays } from './calendar.ts';
import type { Bars, TargetPast, Uptime } from './history-view.ts';
import { type FigureSlot, openFigures } from './past-figures.ts';
import { addCell, cut, emptyLane, type Lane, lettersOf, type PastSlot, put, sum } from './past-lane.ts';
import { DAY_MS, DAY_SLOTS, lastSlot, type PastTarget, QUARTER_MS } from './past-targets.ts';
import { targetOfKey } from './remembered.ts';
import type { CheckId, TargetId } from './types.ts';

const MONTH_DAYS = 30;
const QUARTER_DAYS = 90;

/** A sum under way: what the history has goes in, in any order, and what a page shows of it comes out. */
export type Past = {
  /** From when on the 15-minute slots of a check, or of a target by its `pastKey`, are wanted; `undefined`: never. */
  quartersFrom(check: CheckId): number | undefined;
  daysFrom(check: CheckId): number | undefined;
  quarter(check: CheckId, slot: PastSlot & FigureSlot): void;
  /** A local day, or a part of one. */
  day(check: CheckId, slot: PastSlot): void;
  /**
   * `undefined` when nothing is known of it. What began at `openFrom` or later has no written days yet: its days are
   * summed from its 15-minute slots.
   */
  target(target: PastTarget, openFrom: number): TargetPast | undefined;
  /** The worst of everything that was watched then, also of what has left the config since. */
  ribbon(): Bars;
};

type Lanes = { readonly quarters: Lane; readonly days: Lane };

/** Local to one reading of the past, and pure as a whole. `now` is wall time in ms. */
export function openPast(targets: readonly PastTarget[], now: number): Past {
  const dayFrom = lastSlot(now, QUARTER_MS) - (DAY_SLOTS - 1) * QUARTER_MS;
  // Further back than is drawn: yesterday may have no written days yet.
  const laneFrom = lastSlot(now, DAY_MS) - DAY_MS;
  const days = lastDays(now, QUARTER_DAYS);
  const dayOfCell = Array.from({ length: 2 * DAY_SLOTS }, (_, cell) => indexOfDay(days, laneFrom + cell * QUARTER_MS));
  const lanes = new Map<TargetId, Lanes>();
  const figures = new Map(targets.flatMap((target) => target.figures.map((figure) => [figure.check, figure])));
  const sums = new Map([...figures].map(([check, figure]) => [check, openFigures(figure)]));

  function lanesOf(id: TargetId): Lanes {
    const known = lanes.get(id);
    if (known !== undefined) return known;
    const fresh = emptyLanes();
    lanes.set(id, fresh);
    return fresh;
  }

  function lastDayOf(quarters: Lane): Lane {
    return cut(quarters, (dayFrom - laneFrom) / QUARTER_MS, DAY_SLOTS);
  }

  function quartersFrom(check: CheckId): number | undefined {
    if (targetOfKey(check) !== undefined) return laneFrom;
    const figure = figures.get(check);
    return figure === undefined ? undefined : Math.min(figure.t0, figure.today);
  }

  function quarter(check: CheckId, slot: PastSlot & FigureSlot): void {
    sums.get(check)?.add(slot);
    const id = targetOfKey(check);
    if (id !== undefined) put(lanesOf(id).quarters, Math.floor((slot.from - laneFrom) / QUARTER_MS), slot);
  }

  /** A day of UTC ends within a local day nearly everywhere, so that a day comes in up to two parts. */
  function day(check: CheckId, slot: PastSlot): void {
    const id = targetOfKey(check);
    const index = indexOfDay(days, slot.from);
    if (id !== undefined && index >= 0) put(lanesOf(id).days, 2 * index + (slot.from === days[index] ? 0 : 1), slot);
  }

  /** Each local day once, of its parts and of the quarters that are in no part yet. */
  function wholeDays(quarters: Lane, parts: Lane, openFrom: number): Lane {
    const whole = emptyLane(QUARTER_DAYS);
    for (let part = 0; part < 2 * QUARTER_DAYS; part += 1) addCell(whole, part >> 1, parts, part);
    for (let cell = Math.max(0, (openFrom - laneFrom) / QUARTER_MS); cell < 2 * DAY_SLOTS; cell += 1)
      addCell(whole, dayOfCell[cell] ?? -1, quarters, cell);
    return whole;
  }

  function target({ id, figures }: PastTarget, openFrom: number): TargetPast | undefined {
    const own = lanes.get(id);
    const series = figures.flatMap(({ check }) => sums.get(check)?.series() ?? []);
    if (own === undefined && series.length === 0) return undefined;
    const { quarters, days: parts } = own ?? emptyLanes();
    const lastDay = lastDayOf(quarters);
    const all = wholeDays(quarters, parts, openFrom);
    const month = cut(all, QUARTER_DAYS - MONTH_DAYS, MONTH_DAYS);
    return {
      id,
      day: { from: dayFrom, slotMs: QUARTER_MS, states: lettersOf(lastDay.ranks) },
      month: barsOfDays(month, days.slice(-MONTH_DAYS)),
      quarter: barsOfDays(all, days),
      uptime: { day: uptimeOf(lastDay), month: uptimeOf(month), quarter: uptimeOf(all) },
      series,
    };
  }

  function ribbon(): Bars {
    const worst = new Uint8Array(DAY_SLOTS);
    for (const { quarters } of lanes.values()) {
      for (const [index, rank] of lastDayOf(quarters).ranks.entries()) worst[index] = Math.max(worst[index] ?? 0, rank);
    }
    return { from: dayFrom, slotMs: QUARTER_MS, states: lettersOf(worst) };
  }

  return {
    quartersFrom,
    daysFrom: (check) => (targetOfKey(check) === undefined ? undefined : days[0]),
    quarter,
    day,
    target,
    ribbon,
  };
}

function emptyLanes(): Lanes {
  return { quarters: emptyLane(2 * DAY_SLOTS), days: emptyLane(2 * QUARTER_DAYS) };
}

function barsOfDays({ ranks }: Lane, days: readonly number[]): Bars {
  return { from: days[0] ?? 0, slotMs: DAY_MS, states: lettersOf(ranks) };
}

function uptimeOf({ downMs, knownMs }: Lane): Uptime {
  return { downMs: sum(downMs), knownMs: sum(knownMs) };
}

/** -1 when it was before the first of them; the last of them has no end here. */
function indexOfDay(days: readonly number[], at: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
