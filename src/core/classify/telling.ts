import { classOfLine } from './last-words.ts';

const KEPT = 5;
/** Where in the program it was, the braces around an error's fields, and what Node signs with: nobody is told by these. */
const NOISE = [
  /^\s+at /,
  /^\s*File ".*", line \d+/,
  /^[\s^~]+$/,
  /^\s*[{}[\]()]+[,;]?\s*$/,
  /^Node\.js v\d+\.\d+\.\d+/,
  /^\s*(errno|syscall|requireStack|stack|at): /,
];

/**
 * Of many last lines at most five: those that name why it ended, and the ones nearest to its end. A trace of calls is
 * longer than its message, so that the last lines alone would hold no reason.
 */
export function tellingLines(lines: readonly string[]): readonly string[] {
  const words = lines.filter((line) => !NOISE.some((pattern) => pattern.test(line)));
  const from = words.length === 0 ? lines : words;
  const indexes = from.map((_, index) => index);
  const telling = indexes.filter((index) => classOfLine(from[index] ?? '') !== undefined).slice(-2);
  const others = indexes.filter((index) => !telling.includes(index)).slice(telling.length - KEPT);
  return indexes
    .filter((index) => telling.includes(index) || others.includes(index))
    .flatMap((index) => from[index] ?? []);
}
