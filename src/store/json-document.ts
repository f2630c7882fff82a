import { link, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { PersonError } from '../errors.ts';
import { coalesce } from './coalesce.ts';
import { writeDurably } from './durable-file.ts';
import { errnoOf } from './errno.ts';
import { type DocumentSource, readDocument } from './json-read.ts';
import type { Notice } from './notice.ts';

export type DocumentOptions<T> = DocumentSource<T> & {
  readonly initial: T;
  /** Wall time in ms, for the names of files that are set aside. */
  readonly nowMs: number;
  /** Indents the file, for one that people and other programs read. */
  readonly pretty?: boolean;
  /** Wraps each write; the store passes the one that frees the reserve on a full disk. */
  readonly room?: <R>(task: () => Promise<R>) => Promise<R>;
};

export type Document<T> = {
  /** What was on disk when it was opened, or `initial`. */
  readonly value: T;
  readonly notices: readonly Notice[];
  /** Resolves when this value or a newer one is on disk; rejects with the system's error, and the old value stays. */
  save(value: T): Promise<void>;
};

/**
 * One JSON file that survives anything: written whole or not at all, checked when read, and with the value saved
 * before it kept beside it as `<path>.last-good`. A damaged file never stops the program: it is set aside, the last
 * good copy is used, and a notice says so. Only a file that may not be read stops it, with NOT_PERMITTED.
 */
export async function openDocument<T>(options: DocumentOptions<T>): Promise<Document<T>> {
  const notices: Notice[] = [];
  const low = new Low<T>(durableAdapter(options, notices), options.initial);
  await low.read();
  const { data: value } = low;
  const save = coalesce(async (next: T) => {
    low.data = next;
    await low.write();
  });
  return { value, notices, save };
}

/** lowdb's own adapter uses one fixed temporary name, no fsync and no check of what it reads; hence this one. */
function durableAdapter<T>(options: DocumentOptions<T>, notices: Notice[]): Adapter<T> {
  const { path, room = (task) => task() } = options;
  const lastGood = `${path}.last-good`;
  /** The file as we last read or wrote it: only such a file may become the last good copy. */
  let ours: string | undefined;
  let haveLastGood = false;
  let onDisk: string | undefined;

  async function read(): Promise<T | null> {
    const found = await readDocument(options, options.nowMs);
    notices.push(...found.notices);
    haveLastGood = found.haveLastGood;
    ours = found.mainIsGood ? await markOf(path) : undefined;
    return found.value ?? null;
  }

  async function write(value: T): Promise<void> {
    const text = `${JSON.stringify(value, undefined, options.pretty ? 2 : undefined)}\n`;
    assertReadsBack(text, options);
    const unchanged = text === onDisk && ours !== undefined && ours === (await markOf(path));
    if (unchanged) return;
    await room(() => writeDurably(path, text, { beforeSwap: keepLastGood }));
    ours = await markOf(path);
    onDisk = text;
    if (haveLastGood) return;
    // The very first save: a copy of its own, so that even then a damaged file has something to fall back on.
    await room(() => writeDurably(lastGood, text));
    haveLastGood = true;
  }

  async function keepLastGood(): Promise<void> {
    if (ours === undefined || ours !== (await markOf(path))) return;
    const step = join(dirname(path), `.${basename(lastGood)}.${process.pid}-0.tmp`);
    await unlink(step).catch(() => undefined);
    try {
      await link(path, step);
    } catch (error) {
      if (isNoRoomForALink(error)) throw error;
      // No hard links on this file system: for a moment only the last good copy is there, and a reader uses that.
      await rename(path, lastGood);
      haveLastGood = true;
      return;
    }
    await rename(step, lastGood);
    // rename(2) does nothing when both names already are the same file; then the step is still there.
    await unlink(step).catch(() => undefined);
    haveLastGood = true;
  }

  return { read, write };
}

function isNoRoomForALink(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(errnoOf(error) ?? '');
}

async function markOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.size} ${found.mtimeNs}`;
}

/** JSON writes NaN and Infinity as null, which no reader would take: better a refused save than a lost memory. */
function assertReadsBack<T>(text: string, source: DocumentSource<T>): void {
  if (!/[:,[]\s?null/.test(text)) return;
  const back = source.parse(JSON.parse(text));
  if (back.ok) return;
  throw new PersonError(
    'INTERNAL',
    `${basename(source.path)} would not be readable: ${back.problem}.`,
    'Nothing was written; the last saved value stands. Please report this.',
  );
}
