import type { Trouble } from '../core/types.ts';
import { sayDuration } from '../core/units.ts';
import { keptCopies, readKept, readStill } from './kept-files.ts';
import { safePlace } from './safe-place.ts';

export type Good = {
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number;
  /** Where it is from, in plain words. */
  readonly says: string;
};

type Asked = {
  readonly file: string;
  readonly from?: string | undefined;
  readonly home: string | undefined;
  readonly service: string;
  readonly nowMs: number;
};

/** The copy that a person names, else the newest one that was kept while the service was well. Throws the system's error. */
export async function goodCopyOf({ file, from, home, service, nowMs }: Asked): Promise<Good | Trouble> {
  if (from !== undefined) return await namedCopy(from);
  const copies = home === undefined ? [] : await keptCopies({ home, service, file });
  for (const copy of copies) {
    const bytes = await readKept(copy);
    if (bytes !== undefined) return { ...copy, bytes, says: `as it was kept ${ago(nowMs - copy.keptAtMs)}` };
  }
  const isDamaged = copies.length > 0;
  return {
    code: 'NOTHING_KEPT',
    message: isDamaged
      ? `The kept copies of ${file} are damaged.`
      : `No copy of ${file} was kept: ${service} was not yet well for long enough since it was last changed.`,
    hint: 'Mend the file by hand, or name a good copy of your own with `from`.',
  };
}

async function namedCopy(from: string): Promise<Good | Trouble> {
  const place = await safePlace(from, { orRoots: true });
  if ('because' in place)
    return {
      code: 'RESTORE_REFUSED',
      message: `${from} is not used: ${place.because}.`,
      hint: 'Name a file of your own.',
    };
  if (place.stat === undefined)
    return { code: 'NOTHING_KEPT', message: `${from} does not exist.`, hint: 'Correct `from` of the step.' };
  const { bytes, mode } = await readStill(place.path);
  return { path: place.path, bytes, mode, says: `as it is in ${from}` };
}

function ago(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return `${sayDuration(minutes * 60_000)} ago`;
}
