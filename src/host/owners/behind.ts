import { readlinkSync } from 'node:fs';
import { isShell } from '../../core/recognise.ts';
import type { ProcessFacts } from '../processes.ts';
import { isFrontOf, isRunner, programOf, scriptOf } from './front.ts';

type Seen = Pick<ProcessFacts, 'pid' | 'ppid' | 'argv'>;

/** What stands beside a program only to carry its words away, or to wait. */
const PLUMBING = new Set([
  ...['tee', 'cat', 'logger', 'systemd-cat', 'multilog', 'svlogd', 'rotatelogs', 'cronolog', 'tai64nlocal', 'ts'],
  ...['sed', 'awk', 'gawk', 'mawk', 'grep', 'jq', 'tail', 'head', 'sleep', 'pino-pretty', 'bunyan'],
]);

/**
 * Whether everything between the first process of a line (it, its parent, and so on) and this one is only a front of the
 * next. A shell or runner that keeps several programs is the front of none of them: to restart it for one would end the
 * others too. `all`: every process there is.
 */
export function isBehind(line: readonly Seen[], pid: number, all: readonly Seen[], pipesOf = readPipes): boolean {
  const at = line.findIndex((one) => one.pid === pid);
  return at >= 0 && line.slice(1, at + 1).every((parent, index) => standsBefore(parent, line[index]));

  function standsBefore(parent: Seen, child: Seen | undefined): boolean {
    if (child === undefined || !isFrontOf(parent, child)) return false;
    return !isRunner(parent) || keepsOnly(child, childrenOf(parent, all), all, pipesOf);
  }
}

function keepsOnly(child: Seen, children: readonly Seen[], all: readonly Seen[], pipesOf: typeof readPipes): boolean {
  let others = children.filter((one) => one.pid !== child.pid && !isPlumbing(one, all));
  // A pipe of several is followed from one to the next.
  for (let linked = [child]; others.length > 0 && linked.length > 0; ) {
    const ends = linked.map(({ pid }) => pipesOf(pid));
    linked = others.filter(({ pid }) => ends.some((end) => isLinked(end, pipesOf(pid))));
    others = others.filter((one) => !linked.includes(one));
  }
  return others.length === 0;
}

/** Also a shell that runs nothing else: it goes round in a loop and waits. */
function isPlumbing(seen: Seen, all: readonly Seen[]): boolean {
  if (seen.argv.length === 0 || PLUMBING.has(programOf(seen)) || PLUMBING.has(scriptOf(seen))) return true;
  return isShell(programOf(seen)) && childrenOf(seen, all).every((one) => isPlumbing(one, all));
}

function childrenOf({ pid }: Seen, all: readonly Seen[]): readonly Seen[] {
  return all.filter(({ ppid }) => ppid === pid);
}

/** The pipes at the first three descriptors; `undefined` for what is no pipe, or not to be seen. */
export type Pipes = readonly [string | undefined, string | undefined, string | undefined];

/** One reads what the other prints. */
function isLinked(a: Pipes, b: Pipes): boolean {
  const feeds = ([, out, err]: Pipes, [into]: Pipes) => into !== undefined && (into === out || into === err);
  return feeds(a, b) || feeds(b, a);
}

/** Linux only, and of our own user's processes. */
function readPipes(pid: number): Pipes {
  return [pipeAt(pid, 0), pipeAt(pid, 1), pipeAt(pid, 2)];
}

function pipeAt(pid: number, descriptor: number): string | undefined {
  try {
    const target = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    return target.startsWith('pipe:') ? target : undefined;
  } catch {
    return undefined;
  }
}
