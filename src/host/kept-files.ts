import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaceFile } from './replace-file.ts';
import { safePlace } from './safe-place.ts';

/*
 * Copies of configuration files with which a service was well: HOME/run/kept/NAME-DIGEST/, one folder for each file of
 * each service, the newest three of each, readable for us alone. Plain bytes; all else is in their names.
 */

export type KeptCopy = {
  readonly path: string;
  readonly keptAtMs: number;
  readonly mode: number;
  readonly sha256: string;
};

/** Whose file it is: one that is good for one service proves nothing for another. */
export type KeptOf = { readonly home: string; readonly service: string; readonly file: string };

const MOST_BYTES = 1_024 * 1_024;
const MOST_COPIES = 3;
const NAME = /^(?<at>\d+)-(?<mode>[0-7]{3})-(?<sha>[0-9a-f]{64})$/;

/** Newest first. */
export async function keptCopies(of: KeptOf): Promise<readonly KeptCopy[]> {
  const folder = folderOf(of);
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name): KeptCopy[] => {
      const { at, mode, sha } = NAME.exec(name)?.groups ?? {};
      if (at === undefined || mode === undefined || sha === undefined) return [];
      return [{ path: join(folder, name), keptAtMs: Number(at), mode: Number.parseInt(mode, 8), sha256: sha }];
    })
    .toSorted((a, b) => b.keptAtMs - a.keptAtMs);
}

/** What a copy holds; `undefined` when it is damaged or cannot be read. */
export async function readKept(copy: KeptCopy): Promise<Buffer | undefined> {
  const bytes = (await readStill(copy.path).catch(() => undefined))?.bytes;
  return bytes !== undefined && digestOf(bytes) === copy.sha256 ? bytes : undefined;
}

export type Keeping =
  | { readonly kind: 'kept'; readonly path: string }
  /** It is kept already, or there is nothing. */
  | { readonly kind: 'same' | 'missing' }
  | { readonly kind: 'left'; readonly because: string };

/**
 * Keeps the file as it is now, when a process that began at `bornAtMs` (wall time) must have read it so: what was changed
 * since may still be wrong, however well the service is.
 */
export async function keepFile(
  of: KeptOf,
  when: { readonly nowMs: number; readonly bornAtMs: number },
): Promise<Keeping> {
  const place = await safePlace(of.file);
  if ('because' in place) return { kind: 'left', because: place.because };
  if (place.stat === undefined) return { kind: 'missing' };
  if (place.stat.size > MOST_BYTES) return { kind: 'left', because: 'it is larger than 1 MB' };
  const { bytes, changedAtMs, mode } = await readStill(place.path);
  if (changedAtMs >= when.bornAtMs) return { kind: 'left', because: 'it was changed since the service was started' };
  const sha256 = digestOf(bytes);
  const before = await keptCopies(of);
  if (before[0]?.sha256 === sha256) return { kind: 'same' };
  const folder = folderOf(of);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${when.nowMs}-${(mode & 0o777).toString(8).padStart(3, '0')}-${sha256}`);
  await replaceFile(path, { bytes, mode: 0o600 });
  for (const old of before.slice(MOST_COPIES - 1)) await rm(old.path, { force: true });
  return { kind: 'kept', path };
}

/** The bytes of a regular file that was not written to while it was read. Throws the system's error, EBUSY and EFBIG. */
export async function readStill(path: string) {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = await file.stat();
    if (!before.isFile() || before.size > MOST_BYTES) throw failure('EFBIG', `${path} is no file of at most 1 MB`);
    const bytes = await file.readFile();
    const after = await file.stat();
    if (after.mtimeMs !== before.mtimeMs || after.size !== before.size || bytes.length !== after.size)
      throw failure('EBUSY', `${path} was written to while it was read`);
    const { mode, gid, ino: inode, mtimeMs: modifiedAtMs } = after;
    // A file that was moved here keeps the time of its last write, and gets a new one of its last change (stat(2)).
    return { bytes, mode, gid, inode, modifiedAtMs, changedAtMs: Math.max(after.mtimeMs, after.ctimeMs) };
  } finally {
    await file.close();
  }
}

function folderOf({ home, service, file }: KeptOf): string {
  const digest = createHash('sha256').update(`${service}\0${file}`).digest('hex').slice(0, 16);
  return join(home, 'run', 'kept', `${basename(file).slice(0, 60)}-${digest}`);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
