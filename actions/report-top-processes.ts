import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { saySize } from '../src/core/units.ts';
import { nameProcess } from '../src/host/found-process.ts';
import { listProcesses, type ProcessFacts } from '../src/host/processes.ts';
import { measureUse } from '../src/host/usage.ts';

const options = v.strictObject({ count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) });
type Options = v.InferOutput<typeof options>;

/** Shares of a core are measured over this time: since their start says little of now. */
const SAMPLE_MS = 300;

type Use = { readonly facts: ProcessFacts; readonly cpuPercent: number };

async function run({ count }: Options, { signal }: ActionContext): Promise<ActionOutcome> {
  const all = await listProcesses();
  const used = await measureUse(
    all.map(({ pid }) => pid),
    SAMPLE_MS,
    signal,
  ).catch(() => undefined);
  if (used === undefined) return { outcome: 'nothing', did: ['was called off'] };
  const uses = all.map((facts): Use => ({ facts, cpuPercent: used.get(facts.pid)?.cpuPercent ?? 0 }));
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
