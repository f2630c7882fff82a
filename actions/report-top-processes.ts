import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { saySize } from '../src/core/units.ts';
import { nameProcess } from '../src/host/find-service.ts';
import { listProcesses, type ProcessFacts } from '../src/host/processes.ts';

const options = v.strictObject({ count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) });
type Options = v.InferOutput<typeof options>;

/** Shares of a core are measured over this time: since their start says little of now. */
const SAMPLE_MS = 300;

type Use = { readonly facts: ProcessFacts; readonly cpuPercent: number };

async function run({ count }: Options, { signal }: ActionContext): Promise<ActionOutcome> {
  const before = new Map((await listProcesses()).map((one) => [`${one.pid} ${one.startToken}`, one.cpuMs]));
  const beganAt = performance.now();
  try {
    await delay(SAMPLE_MS, undefined, { signal });
  } catch {
    return { outcome: 'nothing', did: ['was called off'] };
  }
  const after = await listProcesses();
  const tookMs = performance.now() - beganAt;
  const uses = after.map((facts): Use => {
    const known = before.get(`${facts.pid} ${facts.startToken}`);
    const usedMs = known === undefined ? 0 : facts.cpuMs - known;
    return { facts, cpuPercent: (usedMs / tookMs) * 100 };
  });
  const byMemory = uses.toSorted((a, b) => b.facts.rssBytes - a.facts.rssBytes).slice(0, count);
  const byCpu = uses.toSorted((a, b) => b.cpuPercent - a.cpuPercent).slice(0, count);
  const hungry = byCpu.filter((use) => !byMemory.includes(use) && use.cpuPercent >= 1);
  return { outcome: 'done', did: [...byMemory, ...hungry].map(sayUse) };
}

/** `python3 train.py (pid 812): 6.1 GB, 93% of a core`. */
function sayUse({ facts, cpuPercent }: Use): string {
  const cpu = cpuPercent < 0.5 ? 'idle' : `${Math.round(cpuPercent)}% of a core`;
  return `${nameProcess(facts)}: ${saySize(facts.rssBytes)}, ${cpu}`;
}

export const reportTopProcesses = defineAction<Options>({
  name: 'report-top-processes',
  summary: 'Says which processes use the most memory and processor time. Changes nothing.',
  options,
  run,
});
