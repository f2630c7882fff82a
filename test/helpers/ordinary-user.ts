import { chownSync } from 'node:fs';

const NOBODY = 65_534;

/** Runs it as a user to whom file modes mean something; `own` is given to that user first. Root itself may read and write all. */
export async function asOrdinaryUser<T>(own: readonly string[], run: () => T | Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await run();
  for (const path of own) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
