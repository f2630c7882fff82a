import { baseName, sameProcess } from './command-line.ts';
import type { ProcessIdentity, TrackedProcess } from './types.ts';

/** What must be known of a process to say whose it is. */
export type SeenProcess = ProcessIdentity & {
  readonly ppid: number;
  readonly pgid: number;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
};

/** A process that may be the service, with what it was born from. */
export type Candidate = SeenProcess & {
  /** Name of the service it was started as, from its environment; children inherit it. */
  readonly mark: string | undefined;
  /** Nearest first; the daemon, its own ancestors and pid 1 are left out, for they are nobody's proof. */
  readonly ancestors: readonly SeenProcess[];
};

/** What is known of a service before it is seen. `match` is a substring of its command line or a `/regular expression/`. */
export type ServiceTraits = {
  readonly service: string;
  readonly match?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
};

export type Proof = 'tracked' | 'mark' | 'group' | 'match' | 'start-command';

/**
 * Says how a process is provably this service, or `undefined` when it is not: only with a proof may it be ended
 * (DESIGN §5.3–4). A child of a proven process is proven by it.
 */
export function proves(candidate: Candidate, service: ServiceTraits, tracked?: TrackedProcess): Proof | undefined {
  const line = [candidate, ...candidate.ancestors];
  const isMatched = line.some((one) => matches(one, service.match));
  // What was proven by a `match` that a person has corrected since was a mistake, and is no proof any more.
  const stillHolds = service.match === undefined || isMatched;
  if (tracked?.proven === true && stillHolds && line.some((one) => sameProcess(one, tracked))) return 'tracked';
  if (tracked?.ownGroup !== undefined && isOwnGroup(line, tracked, tracked.ownGroup)) return 'group';
  if (isMatched) return 'match';
  if (line.some((one) => isStartCommand(one, service))) return 'start-command';
  return candidate.mark === service.service ? 'mark' : undefined;
}

/**
 * Says whether a process is of the same kind as the one that was the service: same command line, or same folder where
 * that says something. Good enough to go on watching it, never to end it.
 */
export function isKin(tracked: TrackedProcess, candidate: SeenProcess, homeFolder: string): boolean {
  if (candidate.argv.length > 0 && sameCommand(tracked.command, candidate.argv)) return true;
  return (
    tracked.cwd !== undefined && tracked.cwd === candidate.cwd && tracked.cwd !== '/' && tracked.cwd !== homeFolder
  );
}

/** Whether the command line has what `match` asks for. Programs that only show or edit a file of that name do not count. */
export function matches(seen: Pick<SeenProcess, 'argv'>, match: string | undefined): boolean {
  if (match === undefined || match === '' || seen.argv.length === 0) return false;
  if (ONLOOKERS.has(baseName(seen.argv[0] ?? ''))) return false;
  const line = seen.argv.join(' ');
  const pattern = patternOf(match);
  return pattern === undefined ? line.includes(match) : pattern.test(line);
}

/** `python3 app.py` in the folder of the config; the program may have been found through PATH, so its folder does not count. */
export function isStartCommand(seen: Pick<SeenProcess, 'argv' | 'cwd'>, service: ServiceTraits): boolean {
  const { argv, cwd } = service;
  if (argv === undefined || argv.length === 0 || cwd === undefined || seen.cwd !== cwd) return false;
  if (seen.argv.length !== argv.length) return false;
  return seen.argv.every((word, index) =>
    index === 0 ? baseName(word) === baseName(argv[0] ?? '') : word === argv[index],
  );
}

/** The one among several processes of a service that is the service: not a shell around it, and no child of another. */
export function headOf<P extends SeenProcess>(processes: readonly P[]): P | undefined {
  const programs = processes.filter((one) => !SHELLS.has(baseName(one.argv[0] ?? '')));
  const among = programs.length > 0 ? programs : processes;
  const pids = new Set(among.map((one) => one.pid));
  return among.find((one) => !pids.has(one.ppid)) ?? among[0];
}

/** A group number is not given out again while the group has members, but it is once all have ended: a new leader betrays that. */
function isOwnGroup(line: readonly SeenProcess[], tracked: TrackedProcess, group: number): boolean {
  if (line[0]?.pgid !== group) return false;
  return !line.some((one) => one.pid === group && !sameProcess(one, tracked));
}

/** `command` is kept in a shortened form (200 characters), so a long line is compared by its beginning. */
function sameCommand(command: string, argv: readonly string[]): boolean {
  const line = argv.join(' ');
  return line === command || (command.length >= 199 && line.startsWith(command.replace(/…$/, '')));
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

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'fish',
  'su',
  'sudo',
  'doas',
  'env',
  'nohup',
  'setsid',
  'timeout',
]);

/** `vim hub-api.py` and `tail -f hub-api.py.log` have the name of the service in their command line and are not it. */
const ONLOOKERS = new Set([
  ...['vi', 'vim', 'nvim', 'view', 'nano', 'emacs', 'emacsclient', 'micro', 'hx', 'code', 'ed'],
  ...['less', 'more', 'most', 'bat', 'cat', 'tail', 'head', 'watch', 'man'],
  ...[
    'grep',
    'egrep',
    'rg',
    'ag',
    'ack',
    'find',
    'fd',
    'sed',
    'awk',
    'xargs',
    'pgrep',
    'pkill',
    'ps',
    'lsof',
    'strace',
    'kill',
  ],
  ...['cp', 'mv', 'rm', 'scp', 'rsync', 'tar', 'gzip', 'git', 'ssh', 'mosh', 'tmux', 'screen', 'script', 'diff'],
]);
