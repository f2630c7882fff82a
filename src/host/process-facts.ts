import type { ProcessIdentity } from '../core/types.ts';

export type ProcessFacts = ProcessIdentity & {
  readonly ppid: number;
  readonly pgid: number;
  /** Session; not told by ps on macOS. */
  readonly sid: number | undefined;
  readonly uid: number;
  /** The kernel's letter: R S D T t Z X I (Linux), R S T U Z I (macOS). */
  readonly state: string;
  /** Has a controlling terminal. */
  readonly terminal: boolean;
  /** Empty for kernel threads. On macOS split at spaces, so an argument with a space is two. */
  readonly argv: readonly string[];
  /** `argv` joined by spaces, at most 200 characters; of untrusted origin. */
  readonly command: string;
  /** `undefined` when we may not see it, which is so for processes of other users. */
  readonly cwd: string | undefined;
  /** Since it began. */
  readonly ageMs: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
};

/** `unreadable`: it is there, but the system does not let us see whether it is the same process. */
export type Look = 'alive' | 'stopped' | 'gone' | 'unreadable';

/** The environment variables that mark what we started, and everything it starts. */
export const SERVICE_MARK = 'JARVIS_HEALTH_SERVICE';
export const HOME_MARK = 'JARVIS_HEALTH_HOME';

const LONGEST_COMMAND = 200;

export function commandOf(argv: readonly string[], name: string): string {
  const line = argv.length > 0 ? argv.join(' ') : `[${name}]`;
  return line.length <= LONGEST_COMMAND ? line : `${line.slice(0, LONGEST_COMMAND - 1)}…`;
}

/** Whether `pid` was started by `ancestor`, over any number of generations. `all` is one reading of the process list. */
export function descendsFrom(pid: number, ancestor: number, all: readonly ProcessFacts[]): boolean {
  const parents = new Map(all.map((one) => [one.pid, one.ppid]));
  const seen = new Set<number>();
  for (let at = parents.get(pid); at !== undefined && at > 0 && !seen.has(at); at = parents.get(at)) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}
