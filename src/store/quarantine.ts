import { lstat, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const KEEP = 5;

/**
 * Moves a damaged file out of the way as `<path>.bad-<time>` and writes why into `<path>.bad-<time>.why`. The newest
 * five are kept. Returns the new name, or `undefined` when the file could not be moved (a read-only disk).
 */
export async function setAside(path: string, why: string, nowMs: number): Promise<string | undefined> {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  let aside = `${path}.bad-${stamp}`;
  for (let n = 2; await exists(aside); n += 1) aside = `${path}.bad-${stamp}-${n}`;
  try {
    await rename(path, aside);
  } catch {
    return undefined;
  }
  // The reason is a courtesy: on a full disk the notice alone carries it.
  await writeFile(`${aside}.why`, `${why}\n`, { mode: 0o600 }).catch(() => undefined);
  await prune(path);
  return aside;
}

async function prune(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.bad-`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && !name.endsWith('.why'));
  const inOrder = new Intl.Collator('en', { numeric: true });
  names.sort(inOrder.compare);
  for (const name of names.slice(0, Math.max(0, names.length - KEEP))) {
    await unlink(join(folder, name)).catch(() => undefined);
    await unlink(join(folder, `${name}.why`)).catch(() => undefined);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
