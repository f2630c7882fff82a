import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

export type TextRead =
  | { readonly ok: true; readonly text: string; readonly writableByOthers: boolean; readonly ownerUid: number }
  /** `because` follows "it": "is a folder". */
  | { readonly ok: false; readonly missing: boolean; readonly because: string };

/**
 * A small UTF-8 text file, whole. Never hangs (a FIFO is opened without waiting and refused), never reads more than
 * `maxBytes`. Synchronous: it is small, local, and read a few times a day. A byte order mark is left out.
 */
export function readSmallText(file: string, maxBytes: number): TextRead {
  let descriptor: number;
  try {
    // O_NONBLOCK: open(2) of a FIFO nobody writes to would wait for ever.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, missing: code === 'ENOENT', because: WORDS[code] ?? `cannot be opened (${code})` };
  }
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) return no('is a folder');
    if (!stat.isFile()) return no('is no regular file');
    // One byte more than allowed tells "too large" even when the file grows meanwhile.
    const buffer = Buffer.alloc(Math.min(stat.size, maxBytes) + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (count === 0) break;
      length += count;
    }
    if (stat.size > maxBytes || length > maxBytes) return no(`is larger than ${Math.floor(maxBytes / 1024)} KiB`);
    return decode(buffer.subarray(0, length), { writableByOthers: (stat.mode & 0o022) !== 0, ownerUid: stat.uid });
  } catch (error) {
    return no(`cannot be read (${codeOf(error)})`);
  } finally {
    closeSync(descriptor);
  }
}

function decode(
  bytes: Uint8Array,
  whose: Pick<Extract<TextRead, { ok: true }>, 'writableByOthers' | 'ownerUid'>,
): TextRead {
  if (bytes.includes(0))
    return no(bytes[0] === 0xff || bytes[0] === 0xfe ? 'is in UTF-16, save it as UTF-8' : 'is a binary file, not text');
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), ...whose };
  } catch {
    return no('is not in UTF-8');
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is no folder',
  EACCES: 'may not be read by this user',
  ELOOP: 'is a loop of symbolic links',
  ENAMETOOLONG: 'has too long a name',
};

function no(because: string): TextRead {
  return { ok: false, missing: false, because };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Differs whenever the file was written or replaced; follows links. `missing` when there is none. */
export function stampOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'missing';
  }
}
