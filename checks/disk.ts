import * as v from 'valibot';
import { type Assessment, defineCheck } from '../src/check.ts';
import { levelOf } from '../src/core/levels.ts';
import { sayPercent, sayShare, saySize } from '../src/core/units.ts';
import { abortable } from '../src/host/abortable.ts';
import { spaceOf } from '../src/host/files.ts';

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const options = v.strictObject({
  path: v.pipe(v.string(), v.minLength(1)),
  warningPercent: percent,
  criticalPercent: percent,
  clearPercentPoints: percent,
});
type Options = v.InferOutput<typeof options>;

/** Bytes; `usedPercent` is the share as a writer sees it: blocks reserved for root count as used. */
type Sight = {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly reservedBytes: number;
  readonly usedPercent: number;
};

/** ext4 keeps 5% of what is left after its own tables, a little more of what it says it has: that needs no word. */
const USUAL_RESERVE = 0.06;

/** What is reserved counts as used in the percentage (it cannot be written), and is nobody's data. */
function saySpace({ totalBytes, freeBytes, reservedBytes, usedPercent }: Sight, path: string): string {
  if (reservedBytes <= USUAL_RESERVE * totalBytes)
    return `${sayShare(totalBytes - freeBytes, totalBytes)} used on ${path} (${sayPercent(usedPercent)})`;
  // The share is what is judged, and the end of a long line is cut in a table.
  return `${sayPercent(usedPercent)} full: ${saySize(freeBytes)} free of ${saySize(totalBytes)} on ${path}, ${saySize(reservedBytes)} reserved`;
}

function assess(sight: Sight, options: Options): Assessment {
  const usedBytes = sight.totalBytes - sight.freeBytes;
  const { status, clear } = levelOf(sight.usedPercent, options);
  return {
    status,
    clear,
    reason: status === 'ok' ? 'fine' : 'over-limit',
    message: saySpace(sight, options.path),
    metrics: { ...sight, usedBytes },
  };
}

export const diskCheck = defineCheck<Options, Sight>({
  name: 'disk',
  summary: 'Looks how full the file system of a folder is.',
  options,
  // statfs(2) on a dead network disk does not come back: nobody waits for it longer than the deadline.
  observe: ({ path }, { signal }) => abortable(spaceOf(path), signal),
  assess,
});
