import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { eventually } from './daemon.ts';

/**
 * A moment in the life of a daemon that is seen from outside: just before its nth such call since it is watched. What
 * stands before it has been done, what it would have done has not.
 */
export type Boundary = { readonly call: string; readonly nth: number; readonly name: string };

/** `fsync`: written, not yet safe. `rename`: safe, not yet in its place. `clone`: a program is begun. `wait4`: one has ended. */
const CALLS = ['fsync', 'rename', 'link', 'clone', 'clone3', 'vfork', 'wait4'];
const KNOWN = new Set(['state.json', 'audit.jsonl', 'alert-queue.json', 'alert-pending.json']);

export const cannotTrace = ((): string => {
  if (process.platform !== 'linux') return ' (SKIPPED: needs Linux)';
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
    ? ''
    : ' (SKIPPED: strace is missing or may not trace)';
})();

/** A thread counts its own calls, so all that goes to the disk must go through one of them (libuv's UV_THREADPOOL_SIZE). */
export const TRACEABLE = { UV_THREADPOOL_SIZE: '1' };

export type Trace = {
  /** The boundaries that were met; the last of them is where it was killed, if it was. */
  met(): readonly Boundary[];
  end(): Promise<void>;
};

/** Watches the threads of `pid` and not what it starts; kills it when it comes to `last`. */
export async function trace(pid: number, file: string, last?: Boundary): Promise<Trace> {
  const threads = readdirSync(`/proc/${pid}/task`);
  const kill = last === undefined ? [] : ['-e', `inject=${last.call}:signal=SIGKILL:when=${last.nth}`];
  const all = threads.flatMap((thread) => ['-p', thread]);
  const strace = spawn('strace', [...all, '-qq', '-y', '-o', file, '-e', `trace=${CALLS.join(',')}`, ...kill], {
    stdio: 'ignore',
  });
  await eventually('strace is there', () => isTraced(pid, threads));
  return { met: () => boundariesOf(readFileSync(file, 'utf8')), end: () => endOf(strace) };
}

function isTraced(pid: number, threads: readonly string[]): boolean {
  return threads.every((thread) =>
    /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8')),
  );
}

async function endOf(strace: ChildProcess): Promise<void> {
  if (strace.exitCode !== null || strace.signalCode !== null) return;
  const ended = new Promise((resolve) => strace.once('exit', resolve));
  strace.kill('SIGINT');
  await ended;
}

/** `1234 rename("/home/.state.json.99-7.tmp", "/home/state.json") = 0` is the nth "rename state.json". */
function boundariesOf(text: string): readonly Boundary[] {
  const counts = new Map<string, number>();
  const count = (what: string): number => {
    const now = (counts.get(what) ?? 0) + 1;
    counts.set(what, now);
    return now;
  };
  return text.split('\n').flatMap((line) => {
    const [, call, rest = ''] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
    if (call === undefined) return [];
    const nth = count(call);
    const about = call === 'wait4' || call.startsWith('clone') || call === 'vfork' ? '' : fileIn(rest);
    if (about === undefined || (call === 'wait4' && !rest.includes('{WIF') && !rest.includes('?'))) return [];
    const what = `${call} ${about}`.trim();
    return [{ call, nth, name: `${what} #${count(`:${what}`)}` }];
  });
}

/** The file of the home folder that a call is about; `undefined` for what may be lost, as the page and the history. */
function fileIn(rest: string): string | undefined {
  const path = [...rest.matchAll(/["<](\/[^">]+)[">]/g)].map(([, one = '']) => one).at(-1) ?? '';
  const name = basename(path).replace(/^\.(.*)\.\d+-\d+\.tmp$/, '$1');
  if (KNOWN.has(name.replace(/\.last-good$/, ''))) return name;
  return /^jh-[^.]*$|^run$/.test(name) ? `folder ${name === 'run' ? 'run' : 'home'}` : undefined;
}
