import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = 64 * 1024;
// What a line may be at most; longer ones are passed on in pieces, which are then no log lines.
const LONGEST_LINE = 1024 * 1024;

/** The daemon's log files, oldest first: pino-roll writes `daemon.<n>.log` with a rising number. */
export function logFiles(folder: string): readonly string[] {
  return numbered(folder).map(({ name }) => join(folder, name));
}

function numbered(folder: string): readonly { readonly name: string; readonly number: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const number = /^daemon\.(\d{1,15})\.log$/.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** Lines from the newest to the oldest, files read from their ends; a torn last line is left out. Stop when you have enough. */
export function* linesBackwards(files: readonly string[]): Generator<string> {
  for (const file of files.toReversed()) {
    const fd = openQuietly(file);
    if (fd === undefined) continue;
    try {
      yield* backwards(fd);
    } finally {
      closeSync(fd);
    }
  }
}

function* backwards(fd: number): Generator<string> {
  let end = fstatSync(fd).size;
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let isTail = true;
  while (end > 0) {
    const length = Math.min(CHUNK, end);
    const chunk = Buffer.alloc(length);
    readSync(fd, chunk, 0, length, end - length);
    end -= length;
    let bytes = Buffer.concat([chunk, rest]);
    for (let at = bytes.lastIndexOf(10); at >= 0; at = bytes.lastIndexOf(10)) {
      const line = bytes.toString('utf8', at + 1);
      bytes = bytes.subarray(0, at);
      if (!isTail && line !== '') yield line;
      isTail = false;
    }
    rest = bytes.length > LONGEST_LINE ? Buffer.alloc(0) : bytes;
  }
  if (rest.length > 0 && !isTail) yield rest.toString('utf8');
}

export type Follower = {
  /** Whole lines written since the last call, oldest first, across rolled files. */
  next(): readonly string[];
  close(): void;
};

/** Follows the log from its present end. A rolled file is read to its end before the next one is opened. */
export function followLog(folder: string): Follower {
  let current = numbered(folder).at(-1);
  let fd = current === undefined ? undefined : openQuietly(join(folder, current.name));
  let offset = fd === undefined ? 0 : fstatSync(fd).size;
  let torn = '';

  function drain(lines: string[]): void {
    if (fd === undefined) return;
    const chunk = Buffer.alloc(CHUNK);
    // A file cut short under us is read again from its beginning.
    if (fstatSync(fd).size < offset) offset = 0;
    for (let got = readSync(fd, chunk, 0, CHUNK, offset); got > 0; got = readSync(fd, chunk, 0, CHUNK, offset)) {
      // Latin-1 keeps bytes apart that UTF-8 joins: a letter may be cut in two at the end of a chunk.
      const pieces = (torn + chunk.toString('latin1', 0, got)).split('\n');
      offset += got;
      torn = pieces.pop() ?? '';
      if (torn.length > LONGEST_LINE) torn = '';
      lines.push(...pieces.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1').toString('utf8')));
    }
  }

  function next(): readonly string[] {
    const lines: string[] = [];
    drain(lines);
    for (const file of numbered(folder)) {
      if (current !== undefined && file.number <= current.number) continue;
      if (fd !== undefined) closeSync(fd);
      current = file;
      fd = openQuietly(join(folder, file.name));
      offset = 0;
      torn = '';
      drain(lines);
    }
    return lines;
  }

  return {
    next,
    close: () => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    },
  };
}

function openQuietly(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}
