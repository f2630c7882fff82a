import { execFile, execFileSync } from 'node:child_process';
import type { ProcessIdentity } from '../core/types.ts';
import { bootId } from './boot-id.ts';
import { wallMs } from './clock.ts';
import { codeOf } from './error-code.ts';
import { parseLsof } from './lsof.ts';
import { commandOf, type Look, type ProcessFacts } from './process-facts.ts';

// ps(1) of macOS. `lstart` is five words and always ctime(3) in the C locale; UTC, so that it does not move with the
// time zone or its summer time. `command` comes last, for it has spaces. One -o for each: what follows `=` in the same
// word is a heading, and how far it goes differs (POSIX: to the end).
export const COLUMNS = ['pid', 'ppid', 'pgid', 'uid', 'stat', 'tty', 'rss', 'time', 'lstart', 'command'].flatMap(
  (name) => ['-o', `${name}=`],
);
const ROW =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\d+)\s+([\d:.-]+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s?(.*)$/;
const DEADLINE_MS = 5_000;
const MOST_OUTPUT_BYTES = 16 * 1_024 * 1_024;
const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };

/** Signal 0 tells that a process has this number, not which: the start time is read before anything is done to it. */
export function lookAtMacos(identity: ProcessIdentity): Look {
  try {
    process.kill(identity.pid, 0);
    return 'alive';
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? 'gone' : 'alive'; // EPERM: it is there
  }
}

export async function readProcessMacos(pid: number): Promise<ProcessFacts | undefined> {
  const [rows, folders] = await Promise.all([
    tool('/bin/ps', ['-ww', ...COLUMNS, '-p', String(pid)]),
    tool('/usr/sbin/lsof', ['-w', '-a', '-p', String(pid), '-d', 'cwd', '-F', 'pn']),
  ]);
  return parseProcesses(rows, folders)[0];
}

export async function listProcessesMacos(): Promise<readonly ProcessFacts[]> {
  const [rows, folders] = await Promise.all([
    tool('/bin/ps', ['-axww', ...COLUMNS]),
    tool('/usr/sbin/lsof', ['-w', '-a', '-d', 'cwd', '-F', 'pn']),
  ]);
  return parseProcesses(rows, folders);
}

/** From the output of ps with the columns above and of `lsof -d cwd -F pn`. */
export function parseProcesses(rows: string, folders: string): readonly ProcessFacts[] {
  const cwdOf = new Map(parseLsof(folders).map((file) => [file.pid, file.name]));
  return rows.split('\n').flatMap((row) => {
    const facts = parseRow(row, cwdOf);
    return facts === undefined || facts.state === 'Z' ? [] : [facts];
  });
}

function parseRow(row: string, cwdOf: ReadonlyMap<number, string>): ProcessFacts | undefined {
  const [, pid, ppid, pgid, uid, stat, tty, rss, time, started, command] = ROW.exec(row) ?? [];
  if (command === undefined || started === undefined || stat === undefined) return undefined;
  const argv = command.split(' ').filter((word) => word !== '');
  return {
    pid: Number(pid),
    startToken: `${bootId()}:${started.replace(/\s+/g, ' ')}`,
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: undefined,
    uid: Number(uid),
    state: stat.charAt(0),
    terminal: tty !== '??' && tty !== '?' && tty !== '-',
    argv,
    command: commandOf(argv, '?'),
    cwd: cwdOf.get(Number(pid)),
    ageMs: Math.max(0, wallMs() - Date.parse(`${started} UTC`)) || 0,
    cpuMs: parseCpuTime(time ?? ''),
    rssBytes: Number(rss) * 1_024,
  };
}

/** `0:01.25`, `123:45.67` or `1-02:03:04.00` as ms. */
export function parseCpuTime(text: string): number {
  const [days, rest] = text.includes('-') ? [Number(text.split('-')[0]), text.split('-')[1] ?? ''] : [0, text];
  const seconds = rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((days * 86_400 + seconds) * 1_000);
}

/** `ps -E` writes the environment behind the command line; only for our own processes, and not for protected ones. */
export async function readMarkedLineMacos(pid: number): Promise<string> {
  return await tool('/bin/ps', ['-E', '-ww', '-o', 'command=', '-p', String(pid)]);
}

export function parentOfMacos(pid: number): number | undefined {
  try {
    const text = execFileSync('/bin/ps', ['-o', 'ppid=', '-p', String(pid)], {
      encoding: 'latin1',
      timeout: DEADLINE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number.parseInt(text, 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Standard output of a system tool; both ps and lsof exit with 1 when there was nothing, or something unseen, to show. */
export function tool(file: string, argv: readonly string[]): Promise<string> {
  const options = { env: environment, timeout: DEADLINE_MS, maxBuffer: MOST_OUTPUT_BYTES, encoding: 'utf8' } as const;
  return new Promise((resolve, reject) => {
    execFile(file, argv, options, (error, stdout) => {
      if (error !== null && stdout === '' && error.code !== 1) reject(error);
      else resolve(stdout);
    });
  });
}
