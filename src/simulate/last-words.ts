import type { TroubleClass } from '../core/classify.ts';
import type { EndUnderOwner } from '../core/events.ts';

/** Words that programs say when they end of this: what was said is not kept for long, and its class is. */
const WORDS: Partial<Readonly<Record<TroubleClass, string>>> = {
  'data-corruption': 'database disk image is malformed',
  'dependency-missing': "Error: Cannot find module 'recorded'",
  'disk-full': 'ENOSPC: no space left on device, write',
  permission: 'EACCES: permission denied',
  'port-conflict': 'listen EADDRINUSE: address already in use',
  'wrong-runtime': 'bad interpreter: No such file or directory',
};

/** sysexits(3) EX_CONFIG. */
const REFUSED = 78;

/** How the process ended, such that the judge finds the recorded class again; `undefined` where the look says it all. */
export function endOfClass(kind: TroubleClass | undefined): EndUnderOwner | undefined {
  if (kind === 'refused-configuration') return { exitCode: REFUSED, signal: undefined, lastLines: [] };
  if (kind === 'oom-killed')
    return { exitCode: undefined, signal: 'SIGKILL', lastLines: [], outOfMemory: 'The record says so.' };
  const words = kind === undefined ? undefined : WORDS[kind];
  return words === undefined ? undefined : { exitCode: 1, signal: undefined, lastLines: [words] };
}
