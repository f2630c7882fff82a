import { readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const KEEP = 5;

/**
 * Moves a damaged file out of the way as `<path>.bad-<time>` and writes why into `<path>.bad-<time>.why`. Five are
 * kept, this one and the newest others. Returns the new name, or `undefined` when the file could not be moved.
 */
export async function setAside(path: string, why: string, nowMs: number): Promise<string | undefined> {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  try {
    const others = await listAside(path);
    const sameTime = others.filter((name) => name.includes(`.bad-${stamp}`));
    const counts = sameTime.map((name) => Number(/-(\d+)$/.exec(name.slice(name.indexOf(stamp)))?.[1] ?? 1));
    const count = Math.max(0, ...counts) + 1;
    const aside = `${path}.bad-${stamp}${count > 1 ? `-${count}` : ''}`;
    await rename(path, aside);
    // The reason is a courtesy: on a full disk the notice alone carries it.
    await writeFile(`${aside}.why`, `${why}\n`, { mode: 0o600 }).catch(() => undefined);
    for (const name of others.slice(0, Math.max(0, others.length + 1 - KEEP))) {
      await unlink(join(dirname(path), name)).catch(() => undefined);
      await unlink(join(dirname(path), `${name}.why`)).catch(() => undefined);
    }
    return aside;
  } catch {
    return undefined;
  }
}

/** Names of what was set aside before, oldest first. */
async function listAside(path: string): Promise<readonly string[]> {
  const prefix = `${basename(path)}.bad-`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix) && !name.endsWith('.why'));
  const inOrder = new Intl.Collator('en', { numeric: true });
  return names.sort(inOrder.compare);
}
