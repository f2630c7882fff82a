import { readFile } from 'node:fs/promises';
import type { State } from '../core/state.ts';
import { parseWith } from './parse-with.ts';
import { StateSchema } from './state-schema.ts';

/** What a daemon remembers, for who only wants to see: nothing is locked, mended or set aside. `undefined` when it cannot be read. */
export async function peekState(path: string): Promise<State | undefined> {
  try {
    const parsed = parseWith<State>(StateSchema)(JSON.parse(await readFile(path, 'utf8')));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}
