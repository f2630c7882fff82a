import { baseName, sameProcess } from './command-line.ts';
import { matchedIn } from './matched.ts';
import { isInterpreter, runsFromFolder } from './program.ts';
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
  /** It listens on the service's port. */
  readonly holdsPort: boolean;
  /** Nearest first; the daemon, its own ancestors and pid 1 are left out, for they are nobody's proof. */
  readonly ancestors: readonly SeenProcess[];
  /** The service's owner keeps it as a part of the service. */
  readonly owned?: boolean;
  /** What the service itself leaves behind (its lock file) says that it, or what it was born from, is the service. */
  readonly named?: boolean;
};

/** What is known of a service before it is seen. `match` is a substring of its command line or a `/regular expression/`. */
export type ServiceTraits = {
  readonly service: string;
  readonly match?: string | undefined;
  readonly argv?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  /** The owner that its config names. */
  readonly unit?: string | undefined;
};

export type Proof = 'tracked' | 'owner' | 'lock' | 'mark' | 'group' | 'match' | 'start-command';

/**
 * Says how a process is provably this service, or `undefined` when it is not: only with a proof may it be ended
 * (DESIGN §5.3–4). A child of a proven process is proven by it. A `match` proves what runs the matched program; among
 * other arguments, and the mark that every job of the service inherits, it takes the service's port besides.
 */
export function proves(candidate: Candidate, service: ServiceTraits, tracked?: TrackedProcess): Proof | undefined {
  const line = [candidate, ...candidate.ancestors];
  const matched = line.map((one) => matchedIn(one.argv, service.match));
  // What was proven by a `match` that a person has corrected since was a mistake, and is no proof any more.
  const stillHolds = service.match === undefined || matched.some((one) => one !== undefined);
  if (tracked?.proven === true && stillHolds && line.some((one) => sameProcess(one, tracked))) return 'tracked';
  if (candidate.owned === true && (stillHolds || service.unit !== undefined)) return 'owner';
  if (candidate.named === true) return 'lock';
  if (tracked?.ownGroup !== undefined && isOwnGroup(line, tracked, tracked.ownGroup)) return 'group';
  const isMatched = line.some((one, at) => matched[at] === 'program' && !runsElsewhere(one, service));
  if (isMatched || (candidate.holdsPort && matched.some((one) => one !== undefined))) return 'match';
  if (line.some((one) => isStartCommand(one, service))) return 'start-command';
  return candidate.holdsPort && candidate.mark === service.service ? 'mark' : undefined;
}

/** Whether a process is to be considered at all, before it is read what it was born from. */
export function mayBe(seen: SeenProcess, service: ServiceTraits): boolean {
  const matched = matchedIn(seen.argv, service.match);
  return matched === 'words' || (matched === 'program' && !runsElsewhere(seen, service));
}

/** `python3 app.py` in the folder of another project runs the `app.py` of that project. */
function runsElsewhere({ argv, cwd }: SeenProcess, service: ServiceTraits): boolean {
  return service.cwd !== undefined && cwd !== undefined && cwd !== service.cwd && runsFromFolder(argv);
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

/**
 * `python3 app.py` in the folder of the config; the program may have been found through PATH, so its folder does not
 * count. A script with a first line such as `#!/usr/bin/python3` is seen with its interpreter before it.
 */
export function isStartCommand(seen: Pick<SeenProcess, 'argv' | 'cwd'>, service: ServiceTraits): boolean {
  const { argv, cwd } = service;
  if (argv === undefined || argv.length === 0 || cwd === undefined || seen.cwd !== cwd) return false;
  return isSame(seen.argv, argv) || (isInterpreter(seen.argv[0]) && isSame(seen.argv.slice(1), argv));
}

function isSame(seen: readonly string[], argv: readonly string[]): boolean {
  if (seen.length !== argv.length) return false;
  return seen.every((word, index) => (index === 0 ? baseName(word) === baseName(argv[0] ?? '') : word === argv[index]));
}

/**
 * Those among several processes of a service that may be the service: not a shell around it, and no child of another.
 * More than one are strangers to each other.
 */
export function headsOf<P extends SeenProcess>(processes: readonly P[], parents: ReadonlyMap<number, number>): P[] {
  const programs = processes.filter((one) => !SHELLS.has(baseName(one.argv[0] ?? '')));
  const among = programs.length > 0 ? programs : processes;
  const pids = new Set(among.map((one) => one.pid));
  return among.filter((one) => !hasAncestor(one.ppid, pids, parents));
}

function hasAncestor(from: number, pids: ReadonlySet<number>, parents: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = from; at !== undefined && at > 1 && !seen.has(at); at = parents.get(at)) {
    if (pids.has(at)) return true;
    seen.add(at);
  }
  return false;
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

/** A shell, or what starts a program in another place or as another user. */
export function isShell(program: string): boolean {
  return SHELLS.has(program);
}
