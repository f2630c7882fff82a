import { type Stats, statSync } from 'node:fs';

export type FoundFile = {
  readonly path: string;
  readonly bytes: number;
  /** Wall time in ms. */
  readonly modifiedAt: number;
  readonly kind: 'file' | 'symlink' | 'folder' | 'fifo' | 'socket' | 'other';
  readonly inode: number;
};

/** From lstat(2), so that a link is a link. */
export function fileFrom(path: string, stat: Stats): FoundFile {
  return { path, bytes: stat.size, modifiedAt: stat.mtimeMs, kind: kindOf(stat), inode: stat.ino };
}

function kindOf(stat: Stats): FoundFile['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isDirectory()) return 'folder';
  if (stat.isFIFO()) return 'fifo';
  return stat.isSocket() ? 'socket' : 'other';
}

/** Bytes of a file, 0 when it is not there or may not be seen. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
