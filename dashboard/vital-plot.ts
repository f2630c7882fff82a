import type { HistoryView } from '../src/core/history-view.ts';
import { ceilingOf, type Plot } from './chart/plot.ts';
import { pointsOf, withNow } from './chart/series.ts';
import { reach } from './measure.ts';

/** How a host figure is drawn: which series, out of how much, and in which words. */
export type VitalLine = {
  /** Id of the target whose series it is. */
  readonly target: string;
  /** The check whose series it is, where a target may have several; a record of another one is not this one's. */
  readonly check: string | undefined;
  readonly label: string;
  /** The value of now, in percent. */
  readonly percent: number | undefined;
  /** The word at the 100 % line: "16 GB", "100%". */
  readonly whole: string;
  readonly say: (percent: number) => string;
};

/** The plot of a figure in percent; `undefined` while nothing is recorded. `at`: when the snapshot was written. */
export function vitalPlot(line: VitalLine, history: HistoryView | undefined, at: number): Plot | undefined {
  const past = history?.targets.find(({ id }) => id === line.target);
  const series = past?.series.find(({ unit, check }) => unit === 'percent' && check === (line.check ?? check));
  if (series === undefined) return undefined;
  const points = withNow(pointsOf(series, series.t0), series.stepMs, at, line.percent);
  const to = Math.max(at, series.t0 + series.stepMs);
  return {
    label: `${line.label}, last ${reach(to - series.t0)}`,
    points,
    stepMs: series.stepMs,
    from: series.t0,
    to,
    ceiling: ceilingOf(points, 100),
    limit: { value: 100, word: line.whole },
    say: line.say,
    outages: [],
  };
}
