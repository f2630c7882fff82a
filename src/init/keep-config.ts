import { existsSync } from 'node:fs';
import { PersonError } from '../errors.ts';
import { realPath } from '../host/real-path.ts';
import { readBounded, writeDurably } from '../store/durable-file.ts';

const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Puts a config in its place (0600), whole or not at all. One that is there is kept beside it as `NAME.<time>.bak`,
 * whose path is given back. A link goes on leading to the file it leads to. `now`: wall time in ms. Throws SAVE_FAILED.
 */
export async function keepConfig(file: string, text: string, now: number): Promise<string | undefined> {
  const real = realPath(file);
  const kept = `${real}.${stamp(now)}.bak`;
  try {
    const old = existsSync(real) ? await readBounded(real, MOST_BYTES) : undefined;
    if (old !== undefined) await writeDurably(kept, old);
    await writeDurably(real, text);
    return old === undefined ? undefined : kept;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PersonError('SAVE_FAILED', `${file} was not written: ${why}.`, 'See: jarvis-health doctor');
  }
}

/** `2026-11-21T07-15-02`, in UTC; without the colons that some systems do not take. */
function stamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
}
