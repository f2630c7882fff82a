import type * as v from 'valibot';
import { nearest } from '../config/nearest.ts';

const PLAIN: Readonly<Record<string, string>> = {
  string: 'a text is needed',
  number: 'a number is needed',
  integer: 'a whole number is needed',
  boolean: 'true or false is needed',
  Array: 'a list is needed',
  Object: 'a map is needed',
};

/** What an action's own schema wants, in our words: it was written for programs. */
export function sayExpected(issue: v.BaseIssue<unknown>): string {
  // The author of the action has said it in words.
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  const { expected } = issue;
  if (expected === null) return 'something else is needed';
  const words = [...expected.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
  if (words.length > 0) return `${list(words)} is needed${meant(issue.input, words)}`;
  const bound = /^(>=|<=|>|<)(.+)$/.exec(expected);
  if (bound !== null) return `${BOUNDS[bound[1] ?? ''] ?? 'something near'} ${bound[2]} is allowed`;
  return PLAIN[expected] ?? 'something else is needed';
}

const BOUNDS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function meant(input: unknown, words: readonly string[]): string {
  const word = typeof input === 'string' ? nearest(input, words) : undefined;
  return word === undefined ? '' : `; did you mean ${word}?`;
}
