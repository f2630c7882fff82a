import { describe, expect, it } from 'vitest';
import type { HistoryView } from '../../src/core/history-view.ts';
import { fitHistory, HISTORY_BUDGET } from '../../src/page/fit-history.ts';
import { renderHistoryFile } from '../../src/page/render.ts';
import { past } from './past.ts';

const AT = 1_700_000_000_000;
const values = Array.from({ length: 96 }, (_, n) => (n % 7 === 0 ? null : 180 + n / 10));

function host(targets: number): HistoryView {
  const whole = past(AT);
  const [one] = whole.targets;
  if (one === undefined) throw new Error('no target');
  const [series] = one.series;
  if (series === undefined) throw new Error('no series');
  const entries = Array.from({ length: targets }, (_, n) => ({
    ...one,
    id: `service-${n}`,
    series: [{ ...series, check: `service-${n}:http`, values, mostToday: 250 }],
  }));
  return { ...whole, targets: entries };
}

describe('the past on its way into a file', () => {
  it('is whole on a host with 14 checks, and far below 100 KB', () => {
    expect(fitHistory(host(14), HISTORY_BUDGET.page)).toEqual(host(14));
    expect(renderHistoryFile(host(14)).length).toBeLessThan(25_000);
  });

  it.each([
    [70, 'page', undefined],
    [130, 'page', 'series'],
    [190, 'page', 'quarter'],
    [215, 'page', 'month'],
    [1000, 'page', 'targets'],
    [800, 'file', 'series'],
    [1000, 'file', 'quarter'],
    [5000, 'file', 'targets'],
  ] as const)('with %i targets in the %s leaves out %s, and says so', (targets, where, leftOut) => {
    const fitted = fitHistory(host(targets), HISTORY_BUDGET[where]);
    expect(fitted.leftOut).toBe(leftOut);
    expect(renderHistoryFile(fitted).length).toBeLessThanOrEqual(HISTORY_BUDGET[where]);
    expect(fitted.ribbon).toEqual(past(AT).ribbon);
    if (leftOut === 'quarter') expect(fitted.targets[0]).toMatchObject({ series: [], quarter: { states: '' } });
    if (leftOut !== 'targets') expect(fitted.targets[0]?.day.states).toHaveLength(96);
  });
});
