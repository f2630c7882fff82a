import type { ProcessIdentity } from '../core/types.ts';
import { joined } from './joined.ts';
import { HOME_MARK, type Look, type ProcessFacts, SERVICE_MARK } from './process-facts.ts';
import { listProcessesLinux, lookAtLinux, readEnvironLinux, readProcessLinux, readStat } from './processes-linux.ts';
import {
  listProcessesMacos,
  lookAtMacos,
  parentOfMacos,
  readMarkedLineMacos,
  readProcessMacos,
} from './processes-macos.ts';

export { descendsFrom, type Look, type ProcessFacts } from './process-facts.ts';

const onMacos = process.platform === 'darwin';

/** One process as it is now; `undefined` when there is none with this number, or only its zombie. */
export async function readProcess(pid: number): Promise<ProcessFacts | undefined> {
  if (!Number.isInteger(pid) || pid < 1) return undefined;
  return onMacos ? await readProcessMacos(pid) : readProcessLinux(pid);
}

/** All living processes we can see. About 6 ms for 100 on Linux; throws when the system tool fails on macOS. */
export const listProcesses: () => Promise<readonly ProcessFacts[]> = joined(
  onMacos ? listProcessesMacos : listProcessesLinux,
);

/**
 * Says whether exactly this process still runs, without waiting for anything. A zombie, a reused number and a process
 * of an earlier boot are `gone`. On macOS only signal 0 is asked: read the process again before acting upon `alive`.
 */
export function lookAt(identity: ProcessIdentity): Look {
  return onMacos ? lookAtMacos(identity) : lookAtLinux(identity);
}

/** Whether ending this process would end us: it is ourselves, or one that we were started by. */
export function isSelfOrAncestor(pid: number): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = process.pid; at !== undefined && at > 0 && !seen.has(at); at = parentOf(at)) {
    if (at === pid) return true;
    seen.add(at);
  }
  return false;
}

function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  return onMacos ? parentOfMacos(pid) : readStat(pid)?.ppid;
}

/**
 * Name of the service that this process was started as by us (children inherit it), `undefined` when it carries none or
 * does not show its environment. With `home`, marks of a daemon with another home folder do not count.
 */
export async function serviceMark(pid: number, home?: string): Promise<string | undefined> {
  const marks = onMacos ? marksOfLine(await readMarkedLineMacos(pid)) : marksOfEntries(readEnvironLinux(pid));
  return home === undefined || marks.home === home ? marks.service : undefined;
}

type Marks = { readonly service: string | undefined; readonly home: string | undefined };

function marksOfEntries(entries: readonly string[]): Marks {
  const mark = (name: string) => entries.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  return { service: mark(SERVICE_MARK), home: mark(HOME_MARK) };
}

/** From one line in which everything is separated by spaces: a value goes on until what looks like the next variable. */
export function marksOfLine(line: string): Marks {
  const mark = (name: string) => new RegExp(` ${name}=(.*?)(?= [A-Za-z_][A-Za-z0-9_]*=|\\s*$)`).exec(line)?.[1];
  return { service: mark(SERVICE_MARK), home: mark(HOME_MARK) };
}
