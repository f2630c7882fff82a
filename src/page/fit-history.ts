import type { HistoryView, TargetPast } from '../core/history-view.ts';

/**
 * Bytes of health-history.js, which is written a hundred times a day, and of the copy in health.html, which is written
 * three hundred times. A host with 14 checks needs 20 KB, one with a thousand services does without its charts.
 */
export const HISTORY_BUDGET = { file: 500_000, page: 100_000 } as const;

/** What of the past there is room for; what was left out is named in it. */
export function fitHistory(history: HistoryView, budget: number): HistoryView {
  const fits = (targets: readonly TargetPast[]) =>
    targets.reduce((sum, target) => sum + roughly(target), 2_000) <= budget;
  let { targets } = history;
  if (fits(targets)) return history;
  for (const { leftOut, without } of LEFT_OUT) {
    targets = targets.map(without);
    if (fits(targets)) return { ...history, targets, leftOut };
  }
  return { ...history, targets: [], leftOut: 'targets' };
}

const LEFT_OUT: readonly {
  readonly leftOut: NonNullable<HistoryView['leftOut']>;
  readonly without: (target: TargetPast) => TargetPast;
}[] = [
  { leftOut: 'series', without: ({ around: _, ...target }) => ({ ...target, series: [] }) },
  { leftOut: 'quarter', without: (target) => ({ ...target, quarter: { ...target.quarter, states: '' } }) },
  { leftOut: 'month', without: (target) => ({ ...target, month: { ...target.month, states: '' } }) },
];

/** To write it in order to count it would hold the daemon for longer than the writing itself. */
function roughly({ id, day, month, quarter, series, around }: TargetPast): number {
  const drawn = around === undefined ? series : [...series, around];
  const figures = drawn.reduce((sum, { check, values }) => sum + 100 + check.length + 6 * values.length, 0);
  return 340 + id.length + day.states.length + month.states.length + quarter.states.length + figures;
}
