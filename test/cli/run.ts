import { vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command line in this process; what it prints is caught at the standard streams. */
export async function run(...args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const catchIn = (into: string[]) => (text: string | Uint8Array) => into.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catchIn(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(catchIn(err)),
  ];
  try {
    const code = await main(args);
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
