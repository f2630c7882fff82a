import { baseName } from './command-line.ts';
import { programIn } from './program.ts';

/**
 * Where a command line has what `match` asks for. `program`: in what runs (the executable, or the script its
 * interpreter runs). `words`: only among its other arguments, where any program may have it.
 */
export type Matched = 'program' | 'words';

/**
 * Says whether and where a command line has what `match` asks for. Programs that only show or edit a file of that name
 * do not count, nor does free text: an agent that was told to mend `hub-api.py` has it in its command line too.
 */
export function matchedIn(argv: readonly string[], match: string | undefined): Matched | undefined {
  if (match === undefined || match === '') return undefined;
  const words = argv.length === 1 ? (argv[0] ?? '').split(/\s+/).filter((word) => word !== '') : argv; // a title is one word
  if (words.length === 0 || ONLOOKERS.has(baseName(words[0] ?? ''))) return undefined;
  const program = programIn(words);
  const last = program?.last ?? 0;
  const line = words.map((word, index) => (index > last && isFreeText(word) ? '\0' : word)).join(' ');
  const pattern = patternOf(match);
  if (pattern === undefined ? !line.includes(match) : !pattern.test(line)) return undefined;
  if (program === undefined) return 'words';
  const from = words.slice(0, program.first).reduce((length, word) => length + word.length + 1, 0);
  const head = words.slice(0, last + 1).join(' ');
  const isProgram =
    pattern === undefined ? beginsIn(line, match, from, head.length) : lies(pattern, head, words[last + 1], from);
  return isProgram ? 'program' : 'words';
}

/** A text is contiguous, so what begins in the program belongs to it (`uvicorn app:app`). */
function beginsIn(line: string, match: string, from: number, to: number): boolean {
  const at = line.indexOf(match, Math.max(0, from - match.length + 1));
  return at >= 0 && at < to;
}

/** An expression may skip over anything, so it has to end with the program, or with the word of command after it. */
function lies(pattern: RegExp, head: string, next: string | undefined, from: number): boolean {
  const reach = next !== undefined && /^[a-z][a-z0-9:_-]*$/i.test(next) ? `${head} ${next}` : head;
  return [...reach.matchAll(new RegExp(pattern.source, 'g'))].some(
    ({ index, 0: text }) => index < head.length && index + text.length > from,
  );
}

/** Several words in one argument: a prompt, or code for a shell. `-Dname=My Hub` is an option all the same. */
function isFreeText(word: string): boolean {
  return /\s/.test(word) && !word.startsWith('-');
}

const patterns = new Map<string, RegExp>();

function patternOf(match: string): RegExp | undefined {
  if (match.length < 3 || !match.startsWith('/') || !match.endsWith('/')) return undefined;
  const known = patterns.get(match);
  if (known !== undefined) return known;
  const pattern = new RegExp(match.slice(1, -1));
  if (patterns.size > 200) patterns.clear();
  patterns.set(match, pattern);
  return pattern;
}

/** `vim hub-api.py` and `tail -f hub-api.py.log` have the name of the service in their command line and are not it. */
const ONLOOKERS = new Set([
  ...['vi', 'vim', 'nvim', 'view', 'nano', 'emacs', 'emacsclient', 'micro', 'hx', 'code', 'ed'],
  ...['less', 'more', 'most', 'bat', 'cat', 'tail', 'head', 'watch', 'man'],
  ...['grep', 'egrep', 'rg', 'ag', 'ack', 'find', 'fd', 'sed', 'awk', 'xargs'],
  ...['pgrep', 'pkill', 'ps', 'lsof', 'strace', 'kill'],
  ...['cp', 'mv', 'rm', 'scp', 'rsync', 'tar', 'gzip', 'git', 'ssh', 'mosh', 'tmux', 'screen', 'script', 'diff'],
]);
