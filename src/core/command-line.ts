import type { ProcessIdentity } from './types.ts';

const SHORT = 60;

const SCRIPT = /\.([cm]?[jt]sx?|py|rb|sh|pl|php|lua|jar|exs?)$/;

/**
 * A command line as a person would name it: program and what it runs (`python3 train.py`, `python3 -m http.server`).
 * The other arguments are left out, for passwords and tokens are often among them.
 */
export function shortCommand(argv: readonly string[]): string {
  const [program, first, second] = argv;
  if (program === undefined || program === '') return 'a process without a command line';
  const subject =
    first === '-m' && second !== undefined
      ? `-m ${second}`
      : isPlain(first)
        ? first
        : argv.slice(1).find((word) => SCRIPT.test(word));
  const text = subject === undefined ? baseName(program) : `${baseName(program)} ${subject}`;
  return text.length <= SHORT ? text : `${text.slice(0, SHORT - 1)}…`;
}

function isPlain(word: string | undefined): word is string {
  return word !== undefined && word !== '' && !word.startsWith('-') && !word.includes('://') && !word.includes('=');
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startToken === b.startToken;
}
