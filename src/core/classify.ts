import { spokenIn } from './classify/last-words.ts';
import type { LastExit } from './last-exit.ts';
import type { Reason } from './types.ts';

/** What kind of trouble it is: playbooks choose their steps by it, and people are shown it with its evidence. */
export type TroubleClass =
  | 'crashed'
  | 'oom-killed'
  | 'refused-configuration'
  | 'not-running'
  | 'unreachable'
  | 'hung'
  | 'failing'
  | 'slow'
  | 'rate-limited'
  | 'degraded'
  | 'unstable'
  | 'port-conflict'
  | 'dependency-missing'
  | 'disk-full'
  | 'permission'
  | 'wrong-runtime'
  | 'data-corruption'
  | 'over-limit'
  | 'unclear';

/** `because`: the evidence, one plain sentence each; never empty. It may quote the host. */
export type Classified = { readonly class: TroubleClass; readonly because: readonly string[] };

/** How a process ended. `outOfMemory`: by what it is known that the kernel killed it for want of memory, one sentence. */
export type End = Pick<LastExit, 'exitCode' | 'signal' | 'lastLines'> & { readonly outOfMemory?: string | undefined };

/** What is known of one trouble. `message` is what the bad look said. */
export type TroubleFacts = {
  readonly reason: Reason;
  readonly message: string;
  /** How its process ended, when it ended since the trouble began, and by nothing that we did. */
  readonly exit?: End | undefined;
  /** What the newest try to start it failed for, when that is newer than its end. */
  readonly trouble?: { readonly code: string; readonly message: string } | undefined;
  /** Of a disk: the fullest that was seen. */
  readonly usedPercent?: number | undefined;
  /** The disk on which the service lives has no room left, in words. */
  readonly fullDisk?: string | undefined;
};

const BY_REASON: Readonly<Record<Reason, TroubleClass>> = {
  fine: 'unclear',
  gone: 'crashed',
  absent: 'not-running',
  unmatched: 'unclear',
  unstable: 'unstable',
  foreign: 'port-conflict',
  refused: 'unreachable',
  silent: 'hung',
  failing: 'failing',
  'wrong-answer': 'failing',
  'rate-limited': 'rate-limited',
  slow: 'slow',
  degraded: 'degraded',
  'over-limit': 'over-limit',
  'cannot-look': 'unclear',
  'nothing-to-look-at': 'unclear',
};

/** Nothing of it answers: how it ended says more than that. What answers or hangs is alive, and the look says all. */
const DOWN: readonly Reason[] = ['gone', 'absent', 'refused', 'unstable'];
/** sysexits(3) EX_CONFIG. */
const REFUSED = 78;
const FULL_PERCENT = 99;

/**
 * The class of a trouble by all that is known of it. In this order, the first that holds:
 *
 * 1. It answers, hangs, or another program holds its port: what the look saw. A disk at 99% is full.
 * 2. The newest try to start it failed before anything ran: what that says.
 * 3. How its process ended: memory ran out (told by its owner or counted by the kernel, never guessed from SIGKILL) · its
 *    last words say that data is damaged · exit 78 · its last words name another cause · exit 126 and 127 of a shell ·
 *    it ended by itself and its disk is full.
 * 4. It ended, and nobody knows why: what the look saw, and how it ended.
 */
export function classify(facts: TroubleFacts): Classified {
  const { reason, message, exit, trouble, usedPercent = 0 } = facts;
  const seen = message === '' ? 'nothing more is known of it' : message;
  if (reason === 'over-limit' && usedPercent >= FULL_PERCENT) return { class: 'disk-full', because: [seen] };
  if (!DOWN.includes(reason)) return { class: BY_REASON[reason], because: [seen] };
  const told = (trouble && byTrouble(trouble)) ?? (exit && byEnd(exit, facts.fullDisk));
  if (told !== undefined) return told;
  if (exit === undefined) return { class: BY_REASON[reason], because: [seen] };
  const said = exit.lastLines.at(-1);
  const words = said === undefined ? [] : [saysLast(said)];
  return { class: reason === 'unstable' ? 'unstable' : 'crashed', because: [sayExit(exit), ...words] };
}

/** A start that failed before the program ran: codes of src/errors.ts. */
function byTrouble({ code, message }: NonNullable<TroubleFacts['trouble']>): Classified | undefined {
  switch (code) {
    case 'START_NOT_FOUND':
    case 'START_NO_FOLDER':
      return { class: 'dependency-missing', because: [message] };
    case 'START_REFUSED':
      // A program that is there and whose interpreter is not has the error of a missing file (execve(2)).
      if (/\b(ENOEXEC|ENOENT)\b/.test(message)) return { class: 'wrong-runtime', because: [message] };
      return /\bEACCES\b/.test(message) ? { class: 'permission', because: [message] } : undefined;
    case 'PORT_HELD':
      return { class: 'port-conflict', because: [message] };
    default:
      return undefined;
  }
}

function byEnd(exit: End, fullDisk: string | undefined): Classified | undefined {
  const { exitCode, signal, lastLines, outOfMemory } = exit;
  const how = sayExit(exit);
  if (outOfMemory !== undefined) return { class: 'oom-killed', because: [how, outOfMemory] };
  // What was ended by a signal did not end of what it was just talking about; an abort is its own.
  const spoken = signal === undefined || signal === 'SIGABRT' ? spokenIn(lastLines) : undefined;
  if (exitCode === REFUSED && spoken?.class !== 'data-corruption')
    return { class: 'refused-configuration', because: [`${how} With that programs refuse their configuration.`] };
  if (spoken !== undefined) return { class: spoken.class, because: [how, saysLast(spoken.line)] };
  // What a shell says of a command that it could not run (POSIX, 2.8.2).
  if (exitCode === 127)
    return { class: 'dependency-missing', because: [`${how} With that shells say that a command was not found.`] };
  if (exitCode === 126)
    return { class: 'permission', because: [`${how} With that shells say that a command may not be run.`] };
  if (fullDisk !== undefined && exitCode !== undefined && exitCode !== 0)
    return { class: 'disk-full', because: [how, `${fullDisk}.`] };
  return undefined;
}

/** `It ended with exit status 7.` */
export function sayExit({ exitCode, signal }: Pick<End, 'exitCode' | 'signal'>): string {
  if (signal !== undefined) return `It was ended by ${signal}.`;
  return exitCode === undefined ? 'It ended.' : `It ended with exit status ${exitCode}.`;
}

const LONGEST_QUOTE = 240;

function saysLast(line: string): string {
  const text = line.trim();
  return `It last said: ${text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE - 1)}…`}`;
}
