import * as v from 'valibot';
import { type Assessment, defineCheck, type LookContext } from '../src/check.ts';
import { saySize } from '../src/core/units.ts';
import { abortable } from '../src/host/abortable.ts';
import type { FoundFile } from '../src/host/files.ts';
import { type FoundLogs, findLogs } from '../src/host/find-logs.ts';

const options = v.strictObject({
  match: v.pipe(v.string(), v.startsWith('/', 'an absolute path is needed')),
  maxBytes: v.pipe(v.number(), v.minValue(1)),
  archiveFolder: v.optional(v.union([v.undefined(), v.string()])),
});
type Options = v.InferOutput<typeof options>;

async function observe({ match, archiveFolder }: Options, { signal, home }: LookContext): Promise<FoundLogs> {
  return await abortable(findLogs({ match, archiveFolder, home }), signal);
}

function assess({ files, truncated }: FoundLogs, { match, maxBytes }: Options): Assessment {
  const logs = files.filter((file) => file.kind === 'file').toSorted((a, b) => b.bytes - a.bytes);
  const skipped = `${skippedWords(files)}${truncated ? '; there are more files than are looked at, a narrower pattern would help' : ''}`;
  const [largest] = logs;
  if (largest === undefined)
    return { status: 'idle', reason: 'nothing-to-look-at', message: `no log matches ${match}${skipped}` };
  const over = logs.filter((file) => file.bytes > maxBytes);
  const metrics = {
    files: logs.length,
    overLimit: over.length,
    largestBytes: largest.bytes,
    totalBytes: logs.reduce((sum, file) => sum + file.bytes, 0),
  };
  if (over.length === 0) {
    const count = logs.length === 1 ? '1 log' : `${logs.length} logs`;
    return {
      status: 'ok',
      reason: 'fine',
      message: `${count}, the largest has ${saySize(largest.bytes)}${skipped}`,
      metrics,
    };
  }
  const others = over.length === 1 ? '' : ` and ${over.length - 1} more`;
  return {
    status: 'warning',
    reason: 'over-limit',
    message: `${largest.path} has ${saySize(largest.bytes)}, over ${saySize(maxBytes)}${others}${skipped}`,
    metrics,
  };
}

function skippedWords(files: readonly FoundFile[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of files) if (kind !== 'file') kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (kinds.size === 0) return '';
  return `; left out: ${[...kinds].map(([kind, count]) => (count === 1 ? `1 ${kind}` : `${count} ${kind}s`)).join(', ')}`;
}

export const logSizeCheck = defineCheck<Options, FoundLogs>({
  name: 'log-size',
  summary: 'Looks whether logs grew over the size at which they are rotated.',
  options,
  observe,
  assess,
});
