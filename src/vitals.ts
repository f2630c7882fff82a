import { dayAt } from './core/calendar.ts';
import type { HistoryView } from './core/history-view.ts';
import { CPU } from './core/past-targets.ts';
import type { Plan } from './core/plan.ts';
import type { VitalsView } from './core/snapshot.ts';
import type { World } from './core/state.ts';
import { checksOf } from './core/turn.ts';
import type { CheckId, Now } from './core/types.ts';
import type { CpuUse } from './host/cpu.ts';
import type { History } from './store/history.ts';

const EVERY_MS = 60_000;
/** The first figure comes sooner, or a page that is opened right after the start would have none. */
const FIRST_MS = 5_000;

export type VitalsOptions = {
  readonly readCpu: () => Promise<CpuUse | undefined>;
  readonly plan: () => Plan;
  readonly world: () => World;
  readonly append: History['append'];
};

/** Figures of the host that no check looks at. They are shown and never judged, and cost a file or two a minute. */
export function createVitals({ readCpu, plan, world, append }: VitalsOptions) {
  let cpu: VitalsView['cpu'];
  let readings = 0;
  let dueAt = Number.NEGATIVE_INFINITY;
  let learned: { readonly at: number; readonly percent: number } | undefined;
  let peak: { readonly day: number; readonly bytes: number } | undefined;

  /** To be called every second. */
  function tick(now: Now): void {
    if (now.steady < dueAt) return;
    dueAt = now.steady + (readings === 0 ? FIRST_MS : EVERY_MS);
    readings += 1;
    void read(now.at);
    noteLearned();
    noteMemory(now.at, memoryNow()?.usedBytes);
  }

  async function read(at: number): Promise<void> {
    // What cannot be read is left out, it is no trouble of anybody.
    const use = await readCpu().catch(() => undefined);
    if (use === undefined) return;
    cpu = rounded(use);
    append({ check: CPU, at, status: 'ok', value: cpu.busyPercent });
  }

  function memoryCheck(): CheckId | undefined {
    const memory = Object.values(plan().targets).find(({ kind }) => kind === 'memory');
    return memory === undefined ? undefined : checksOf(plan(), memory.id)[0];
  }

  function memoryNow(): { readonly usedBytes: number; readonly totalBytes: number } | undefined {
    const { usedBytes, totalBytes } = world().latest[memoryCheck() ?? '']?.metrics ?? {};
    return usedBytes === undefined || totalBytes === undefined ? undefined : { usedBytes, totalBytes };
  }

  function noteMemory(at: number, bytes: number | undefined): void {
    const day = dayAt(at).from;
    if (peak !== undefined && peak.day !== day) peak = undefined;
    if (bytes !== undefined && bytes > (peak?.bytes ?? 0)) peak = { day, bytes: Math.round(bytes) };
  }

  /** The history knows of the hours before this life of the daemon. */
  function learn(history: HistoryView): void {
    const check = memoryCheck();
    const series = history.targets.flatMap((target) => target.series).find((one) => one.check === check);
    if (series?.mostToday !== undefined) learned = { at: history.writtenAt, percent: series.mostToday };
    noteLearned();
  }

  /** A history that is read before the first look at the memory waits for it: a share alone is no size. */
  function noteLearned(): void {
    const total = memoryNow()?.totalBytes;
    if (learned === undefined || total === undefined) return;
    noteMemory(learned.at, (learned.percent / 100) * total);
    learned = undefined;
  }

  function view(): VitalsView {
    return { ...(cpu && { cpu }), ...(peak && { memory: { peakTodayBytes: peak.bytes } }) };
  }

  return { tick, learn, view };
}

/** Noise in the figures would make every file differ from the one before. */
function rounded(use: CpuUse): CpuUse {
  return {
    ...use,
    busyPercent: Math.round(use.busyPercent * 10) / 10,
    load1: Math.round(use.load1 * 100) / 100,
  };
}
