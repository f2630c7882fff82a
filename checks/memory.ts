import os from 'node:os';
import * as v from 'valibot';
import { type Assessment, defineCheck } from '../src/check.ts';
import { levelOf } from '../src/core/levels.ts';
import { sayPercent, sayShare } from '../src/core/units.ts';
import { abortable } from '../src/host/abortable.ts';

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const options = v.strictObject({ warningPercent: percent, criticalPercent: percent, clearPercentPoints: percent });
type Options = v.InferOutput<typeof options>;

type Sight = { readonly totalBytes: number; readonly availableBytes: number };

async function readMemory(): Promise<Sight> {
  // libuv from 1.45 on (Node 20.3) reads MemAvailable of /proc/meminfo: the page cache does not count as used.
  if (process.platform === 'linux') return { totalBytes: os.totalmem(), availableBytes: os.freemem() };
  // macOS: free pages alone say nothing, what is inactive or purgeable is available too.
  const { mem } = await import('systeminformation');
  const { total, available } = await mem();
  return { totalBytes: total, availableBytes: available };
}

function assess(sight: Sight, options: Options): Assessment {
  const usedBytes = sight.totalBytes - sight.availableBytes;
  const usedPercent = sight.totalBytes > 0 ? (usedBytes / sight.totalBytes) * 100 : 0;
  const { status, clear } = levelOf(usedPercent, options);
  return {
    status,
    clear,
    reason: status === 'ok' ? 'fine' : 'over-limit',
    message: `${sayShare(usedBytes, sight.totalBytes)} of memory used (${sayPercent(usedPercent)})`,
    metrics: { usedPercent, usedBytes, totalBytes: sight.totalBytes, availableBytes: sight.availableBytes },
  };
}

export const memoryCheck = defineCheck<Options, Sight>({
  name: 'memory',
  summary: 'Looks how much memory is in use and not available to programs.',
  options,
  observe: (_options, { signal }) => abortable(readMemory(), signal),
  assess,
});
