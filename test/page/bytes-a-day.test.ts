import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { PAGE_TIMES, renewEveryMs } from '../../src/page/due.ts';
import { fitForFiles } from '../../src/page/fit.ts';
import { renderDataFile, renderHistoryFile } from '../../src/page/render.ts';
import { writePoint, writeSlot } from '../../src/store/history-lines.ts';
import { renderHealthText } from '../../src/text/health-text.ts';
import { past } from './past.ts';
import { calm } from './snapshots.ts';
import { D, disk, incident, logs, MIN, memory, service } from './targets.ts';

const AT = 1_700_000_000_000;
/** The template of health.html at its largest (DASHBOARD.md §13). */
const TEMPLATE_BYTES = 120_000;

/** Ten services that all rest, and a week with some trouble behind them. */
function host(services: number): Snapshot {
  const recent = (id: string) =>
    Array.from({ length: 5 }, (_, n) => ({
      check: `${id}:http`,
      at: AT - n * 10_000,
      status: 'ok' as const,
      message: 'answers in 182 ms',
    }));
  const steps = Array.from({ length: 6 }, (_, n) => ({
    at: AT + n,
    kind: 'did',
    text: 'Restarted the service, and it answers',
  }));
  return {
    ...calm(AT),
    targets: [
      ...Array.from({ length: services }, (_, n) => service(AT, `service-${n}`, { recent: recent(`service-${n}`) })),
      disk(AT),
      memory(AT),
      logs(AT),
    ],
    incidents: Array.from({ length: 5 }, (_, n) => incident(AT, { id: `${n}`, start: AT - n * D, steps })),
  };
}

/** What is written in a day on which nothing happens, in bytes. */
function bytesADay(snapshot: Snapshot): Readonly<Record<string, number>> {
  const data = renderDataFile(fitForFiles(snapshot)).length;
  const [one] = past(AT).targets;
  const [series] = one?.series ?? [];
  if (one === undefined || series === undefined) throw new Error('no past');
  const values = Array.from({ length: 96 }, () => 182);
  const ids = [...snapshot.targets.map(({ id }) => id), 'cpu'];
  const targets = ids.map((id) => ({ ...one, id, series: [{ ...series, values }] }));
  const history = renderHistoryFile({ ...past(AT), targets }).length;
  const pages = D / PAGE_TIMES.pageEveryMs;
  const point = { check: 'service-1:http', at: AT, status: 'ok', value: 182.5 } as const;
  const slot = {
    ...point,
    from: AT,
    to: AT,
    worst: 'ok',
    downMs: 0,
    warningMs: 0,
    knownMs: 15 * MIN,
    values: 15,
  } as const;
  const slotBytes = writeSlot({ ...slot, mean: 182.123, least: 100.123, most: 900.123 }).length;
  // A line for each target and one for the figure of its check; of the CPU there is only the figure.
  const lines = 2 * snapshot.targets.length + 1;
  return {
    data: (D / renewEveryMs(data)) * data,
    page: pages * (TEMPLATE_BYTES + data + history),
    text: pages * renderHealthText(snapshot, AT).length,
    past: 98 * history,
    history: lines * ((D / MIN) * writePoint(point).length + (96 + 2) * slotBytes),
  };
}

describe('an idle daemon', () => {
  it.each([3, 10])('writes at most 100 MB a day in all, with %i services', (services) => {
    const parts = bytesADay(host(services));
    const all = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
    expect(all, JSON.stringify(parts)).toBeLessThanOrEqual(97e6);
  });
});
