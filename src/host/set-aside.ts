import { lstat, readdir } from 'node:fs/promises';

/** `app.yaml.refused-20260203T040506Z`, or with `-2` and so on behind it where that name is taken. */
export async function freeAside(path: string, nowMs: number): Promise<string> {
  const time = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  for (let seq = 1; ; seq += 1) {
    const aside = `${path}.refused-${time}${seq === 1 ? '' : `-${seq}`}`;
    const isTaken = await lstat(aside).then(
      () => true,
      () => false,
    );
    if (!isTaken) return aside;
  }
}

export async function countSetAside(folder: string, name: string): Promise<number> {
  return (await readdir(folder)).filter((one) => one.startsWith(`${name}.refused-`)).length;
}
