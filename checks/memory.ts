import * as v from 'valibot';
import { type Assessment, defineCheck } from '../src/check.ts';
import { levelOf } from '../src/core/levels.ts';
import { sayPercent, sayShare } from '../src/core/units.ts';
import { abortable } from '../src/host/abortable.ts';
import { type Memory, readMemory } from '../src/host/memory.ts';

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const options = v.strictObject({ warningPercent: percent, criticalPercent: percent, clearPercentPoints: percent });
type Options = v.InferOutput<typeof options>;

function assess(sight: Memory, options: Options): Assessment {
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

export const memoryCheck = defineCheck<Options, Memory>({
  name: 'memory',
  summary: 'Looks how much memory is in use and not available to programs.',
  options,
  observe: (_options, { signal }) => abortable(readMemory(), signal),
  assess,
});
