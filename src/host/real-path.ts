import { realpathSync } from 'node:fs';

/** Where a path really leads; the path itself when it leads nowhere. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
