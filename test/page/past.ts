import type { Bars, HistoryView } from '../../src/core/history-view.ts';
import { D, MIN } from './targets.ts';

/** A past the page is drawn from: one service that was slow an hour ago and down for a minute ten days ago. */
export function past(at: number): HistoryView {
  const quarter = Math.floor(at / (15 * MIN)) * 15 * MIN;
  const today = Math.floor(at / D) * D;
  const bars = (slotMs: number, last: number, states: string): Bars => ({
    from: last - (states.length - 1) * slotMs,
    slotMs,
    states,
  });
  const day = bars(15 * MIN, quarter, `${'o'.repeat(92)}s${'o'.repeat(3)}`);
  const days = (count: number) => bars(D, today, `${'o'.repeat(count - 11)}d${'o'.repeat(9)}s`);
  return {
    schema: 1,
    writtenAt: at,
    ribbon: day,
    targets: [
      {
        id: 'message-gateway',
        day,
        month: days(30),
        quarter: days(90),
        uptime: {
          day: { downMs: 0, knownMs: D },
          month: { downMs: MIN, knownMs: 30 * D },
          quarter: { downMs: MIN, knownMs: 90 * D },
        },
        series: [
          { check: 'message-gateway:http', unit: 'ms', t0: day.from, stepMs: 15 * MIN, values: [182, null, 190] },
        ],
      },
    ],
  };
}
