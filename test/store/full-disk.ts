import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Fills the file system of `folder` to its last block; returns the file to remove to make room again. */
export function fillUp(folder: string): string {
  const path = join(folder, 'filler');
  const file = openSync(path, 'w');
  try {
    for (const bytes of [1 << 20, 1 << 16, 1 << 12]) {
      const chunk = Buffer.alloc(bytes, 1);
      for (let full = false; !full; ) full = !writes(file, chunk);
    }
  } finally {
    closeSync(file);
  }
  return path;
}

function writes(file: number, chunk: Buffer): boolean {
  try {
    return writeSync(file, chunk) > 0;
  } catch {
    return false;
  }
}
