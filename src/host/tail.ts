import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { tellingLines } from '../core/classify/telling.ts';

/** Keeps the end of a stream of bytes: what a program printed last is where its error is. */
export type Tail = { add(chunk: Buffer): void; text(): string };

export function keepTail(maxBytes: number): Tail {
  let chunks: Buffer[] = [];
  let bytes = 0;
  const compact = () => {
    const whole = Buffer.concat(chunks);
    chunks = [whole.subarray(Math.max(0, whole.length - maxBytes))];
    bytes = chunks[0]?.length ?? 0;
  };
  return {
    add(chunk) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > 2 * maxBytes) compact();
    },
    text() {
      compact();
      return textFrom(chunks[0] ?? Buffer.alloc(0), bytes === maxBytes);
    },
  };
}

/** When the beginning was cut off, the first character may be half: UTF-8 goes on with bytes 10xxxxxx (RFC 3629). */
function textFrom(bytes: Buffer, cut: boolean): string {
  let start = 0;
  while (cut && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.toString('utf8', start);
}

const LAST_PART_BYTES = 16_384;

/** The last `count` non-empty lines of a file from `fromByte` on; none when it cannot be read. Each at most 500 characters. */
export function lastLinesOf(file: string, fromByte: number, count: number): readonly string[] {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const start = Math.max(Math.min(fromByte, size), size - LAST_PART_BYTES);
    const part = Buffer.alloc(size - start);
    const length = readSync(descriptor, part, 0, part.length, start);
    return lastLines(textFrom(part.subarray(0, length), start > fromByte), count);
  } catch {
    return [];
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const LINES_READ = 60;

/** What a program printed last into a file, from `fromByte` on: at most five lines, those that tell why it ended among them. */
export function lastWordsIn(file: string, fromByte: number): readonly string[] {
  return tellingLines(lastLinesOf(file, fromByte, LINES_READ));
}

export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => (line.length <= 500 ? line : `${line.slice(0, 499)}…`));
}
