import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as turn } from 'node:timers/promises';
import type { CheckId } from '../core/types.ts';
import { isMissing } from './errno.ts';

/** About a thousand lines, or one to two milliseconds of reading: between pieces the daemon goes on with its looks. */
const PIECE_BYTES = 64 * 1024;
const CHECKS_AT_A_TIME = 20;

/** Hands over the lines of a file, oldest first, piece by piece; none when it was removed meanwhile. */
export async function eachLine(file: string, use: (line: string) => void): Promise<void> {
  const opened = await open(file, 'r').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (opened === undefined) return;
  try {
    const decoder = new StringDecoder('utf8');
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    let rest = '';
    for (;;) {
      const { bytesRead } = await opened.read(piece, 0, PIECE_BYTES, null);
      if (bytesRead === 0) break;
      const lines = (rest + decoder.write(piece.subarray(0, bytesRead))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) use(line);
    }
    if (rest !== '') use(rest);
  } finally {
    await opened.close();
  }
}

/** What belongs to one check, check by check; the daemon goes on in between. */
export async function eachCheck<T>(
  groups: ReadonlyMap<CheckId, T>,
  use: (group: T, check: CheckId) => void,
): Promise<void> {
  let done = 0;
  for (const [check, group] of groups) {
    use(group, check);
    done += 1;
    if (done % CHECKS_AT_A_TIME === 0) await turn();
  }
}

export function addTo<T>(groups: Map<CheckId, T[]>, check: CheckId, one: T): void {
  const group = groups.get(check);
  if (group === undefined) groups.set(check, [one]);
  else group.push(one);
}
