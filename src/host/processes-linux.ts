import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { endianness, uptime } from 'node:os';
import type { ProcessIdentity } from '../core/types.ts';
import { bootId } from './boot-id.ts';
import { codeOf } from './error-code.ts';
import { isDead, type ProcStat, parseStat } from './proc-stat.ts';
import { commandOf, type Look, type ProcessFacts } from './process-facts.ts';

// proc(5) counts in USER_HZ, which is 100 on every architecture Node runs on.
const MS_PER_TICK = 10;
const PROCESSES_PER_TURN = 64;

const line = Buffer.allocUnsafe(2_048);

/** Reads the line of one process into the one buffer; its length, or the error code that says why not. */
function readLine(pid: number): number | { readonly code: string | undefined } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`/proc/${pid}/stat`, 'r');
    return readSync(descriptor, line, 0, line.length, 0);
  } catch (error) {
    return { code: codeOf(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function readStat(pid: number): ProcStat | undefined {
  const length = readLine(pid);
  return typeof length === 'number' ? parseStat(line.toString('latin1', 0, length)) : undefined;
}

const SPACE = 0x20;
const CLOSING = 0x29;

/**
 * Looks whether exactly this process still runs. This is done every 250 ms for every service, so of the line only the
 * start time is taken out, and the rest only when something is not as it should be.
 */
export function lookAtLinux(identity: ProcessIdentity): Look {
  const length = readLine(identity.pid);
  if (typeof length !== 'number') {
    if (length.code === 'ESRCH') return 'gone';
    return length.code === 'ENOENT' ? lookUnseen(identity.pid) : 'unreadable';
  }
  const stateAt = line.lastIndexOf(CLOSING, length - 1) + 2;
  const state = String.fromCharCode(line[stateAt] ?? 0);
  if (startTokenAt(stateAt) !== identity.startToken) return 'gone';
  if (!DEAD_OR_STOPPED.includes(state)) return 'alive';
  const stat = parseStat(line.toString('latin1', 0, length));
  if (stat === undefined) return 'unreadable';
  if (isDead(stat)) return 'gone';
  return stat.state === 'T' || stat.state === 't' ? 'stopped' : 'alive';
}

const DEAD_OR_STOPPED = 'XxZTt';

/** The start time is field 22, the state field 3 (proc_pid_stat(5)). */
function startTokenAt(stateAt: number): string {
  let from = stateAt;
  for (let field = 3; field < 22; field += 1) from = line.indexOf(SPACE, from) + 1;
  return `${bootId()}:${line.toString('latin1', from, line.indexOf(SPACE, from))}`;
}

/** With hidepid (proc(5)) the processes of others have no folder here, but a signal still tells them from none. */
function lookUnseen(pid: number): Look {
  try {
    process.kill(pid, 0);
    return 'unreadable';
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? 'gone' : 'unreadable';
  }
}

export function readProcessLinux(pid: number): ProcessFacts | undefined {
  const stat = readStat(pid);
  return stat === undefined || isDead(stat) ? undefined : factsOf(stat);
}

/** Every living process, kernel threads too. Yields to the event loop on the way: a busy host has thousands. */
export async function listProcessesLinux(): Promise<readonly ProcessFacts[]> {
  const found: ProcessFacts[] = [];
  await eachPid((pid) => {
    const facts = readProcessLinux(pid);
    if (facts !== undefined) found.push(facts);
  });
  return found;
}

export async function eachPid(visit: (pid: number) => void): Promise<void> {
  let count = 0;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    visit(pid);
    count += 1;
    if (count % PROCESSES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function tokenOf(stat: ProcStat): string {
  return `${bootId()}:${stat.startTicks}`;
}

function factsOf(stat: ProcStat): ProcessFacts | undefined {
  const { pid } = stat;
  const uid = ownerOf(pid);
  if (uid === undefined) return undefined;
  const argv = readArgv(pid);
  return {
    pid,
    startToken: tokenOf(stat),
    ppid: stat.ppid,
    pgid: stat.pgid,
    sid: stat.sid,
    uid,
    state: stat.state,
    terminal: stat.tty !== 0,
    argv,
    command: commandOf(argv, stat.name),
    cwd: readCwd(pid),
    // Field 22 counts from boot, host sleep included, as uptime(3) does.
    ageMs: Math.max(0, uptime() * 1_000 - Number(stat.startTicks) * MS_PER_TICK),
    cpuMs: stat.cpuTicks * MS_PER_TICK,
    rssBytes: stat.rssPages * pageBytes(),
  };
}

/** Owner of the folder; root for a process that may not be dumped (proc(5)), whoever runs it. */
function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

export function readArgv(pid: number): readonly string[] {
  try {
    // A program that rewrites its title leaves padding NULs behind it (npm, nginx, postgres).
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '');
    return text === '' ? [] : text.split('\0');
  } catch {
    return [];
  }
}

export function readCwd(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

export function readEnvironLinux(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

let knownPageBytes: number | undefined;

/** From the auxiliary vector (getauxval(3), AT_PAGESZ = 6): 16 and 64 KiB are common on ARM, and asking getconf costs a process. */
function pageBytes(): number {
  knownPageBytes ??= readPageBytes();
  return knownPageBytes;
}

function readPageBytes(): number {
  const usual = 4_096;
  if (endianness() !== 'LE') return usual;
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    // Not readable in some sandboxes.
  }
  return usual;
}
