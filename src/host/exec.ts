import { setTimeout as delay } from 'node:timers/promises';
import type { Trouble } from '../core/types.ts';
import type { ErrorCode } from '../errors.ts';
import { familyOf, signalProcess, waitUntilGone } from './end-processes.ts';
import { cleanEnvironment } from './environment.ts';
import { codeOf } from './error-code.ts';
import { findProgram, isFolder } from './find-program.ts';
import type { ExecOutcome } from './hands.ts';
import { keepTail, lastLines } from './tail.ts';

export type ExecOptions = {
  /** From the start to the first signal. Default 10 s. */
  readonly timeoutMs?: number;
  /** Of each of the two outputs; the end is kept. Default 64 KiB. */
  readonly maxBytes?: number;
  readonly cwd?: string;
  /** Added to the user's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** From TERM to KILL. Default 2 s. */
  readonly killAfterMs?: number;
  /** What a person is told was run, when it is another command that runs it. */
  readonly calledAs?: readonly string[];
};

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1_024;
const KILL_AFTER_MS = 2_000;
const LAST_OUTPUT_MS = 500;

/**
 * Runs a command to its end. Never through a shell, never throwing: what goes wrong is `ok: false` with a `trouble`.
 * At the deadline, or when `signal` aborts, the command and everything it started gets TERM and a little later KILL.
 * Processes that a command leaves behind when it ends by itself are left alone: a service may be among them.
 */
export async function exec(argv: readonly string[], options: ExecOptions = {}): Promise<ExecOutcome> {
  const [program, ...rest] = argv;
  const cwd = options.cwd ?? process.cwd();
  const env = { ...cleanEnvironment(), ...options.env };
  const obstacle = findObstacle(program, cwd, env['PATH'] ?? '', options.signal);
  if (program === undefined || obstacle !== undefined) return notRun(obstacle);
  const { execa } = await import('execa');
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const stdout = keepTail(options.maxBytes ?? DEFAULT_MAX_BYTES);
  const stderr = keepTail(options.maxBytes ?? DEFAULT_MAX_BYTES);
  // `detached`: a group of its own, so that the terminal's Ctrl-C and our signals reach the one and not the other.
  const child = execa(program, rest, {
    ...{ cwd, env, extendEnv: false, detached: true, cleanup: false, reject: false },
    ...{ stdin: 'ignore', buffer: false, encoding: 'buffer' },
  });
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const stopped = await firstOf(ended, timeoutMs, options.signal);
  if (stopped !== undefined && child.pid !== undefined)
    await endFamily(child.pid, ended, options.killAfterMs ?? KILL_AFTER_MS);
  // A process left behind may hold the pipes open for ever: the last output is waited for, the end of the pipes is not.
  await Promise.race([child, delay(LAST_OUTPUT_MS, undefined, { ref: false })]);
  child.stdout.destroy();
  child.stderr.destroy();
  const result = await child;
  const outcome = {
    ok: stopped === undefined && child.exitCode === 0,
    exitCode: exitCodeOf(child.exitCode),
    signal: child.signalCode ?? undefined,
    timedOut: stopped === 'deadline',
    stdout: stdout.text(),
    stderr: stderr.text(),
  };
  if (outcome.ok) return outcome;
  return { ...outcome, trouble: troubleOf(options.calledAs ?? argv, outcome, stopped, timeoutMs, codeOf(result)) };
}

/** Node gives negative system error numbers as the exit code of what could not be started. */
function exitCodeOf(code: number | null): number | undefined {
  return code === null || code < 0 ? undefined : code;
}

type Stopped = 'deadline' | 'aborted';

/** `undefined` when the command ended by itself. */
async function firstOf(ended: Promise<void>, timeoutMs: number, signal?: AbortSignal): Promise<Stopped | undefined> {
  const timer = new AbortController();
  let onAbort = () => {};
  const aborted = new Promise<Stopped>((resolve) => {
    onAbort = () => resolve('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
  const deadline = delay<Stopped>(timeoutMs, 'deadline', { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([ended.then(() => undefined), deadline, aborted]);
  } finally {
    timer.abort();
    signal?.removeEventListener('abort', onAbort);
  }
}

async function endFamily(pid: number, ended: Promise<void>, killAfterMs: number): Promise<void> {
  const family = await familyOf([pid]);
  for (const one of family) signalProcess(one, 'SIGTERM');
  if (!(await waitUntilGone(family, killAfterMs))) {
    // Read again: what they started while they were asked to end is theirs too.
    const late = await familyOf(family.map((one) => one.pid));
    for (const one of [...late, ...family]) signalProcess(one, 'SIGKILL');
  }
  await Promise.race([ended, delay(killAfterMs, undefined, { ref: false })]);
}

function findObstacle(
  program: string | undefined,
  cwd: string,
  path: string,
  signal?: AbortSignal,
): Trouble | undefined {
  if (program === undefined || program === '')
    return say('EXEC_NOT_POSSIBLE', 'The command is empty.', 'Name a program.');
  if (signal?.aborted === true)
    return say('EXEC_NOT_POSSIBLE', `${program} was not run: it was called off.`, 'Try again.');
  if (!isFolder(cwd))
    return say('EXEC_NOT_POSSIBLE', `${program}: the folder ${cwd} does not exist.`, 'Correct the folder.');
  if (findProgram(program, cwd, path) !== undefined) return undefined;
  const where = program.includes('/') ? `in ${cwd}` : `on PATH (${path})`;
  return say('EXEC_NOT_FOUND', `${program} was not found ${where}.`, 'Install it, or give its whole path.');
}

function notRun(trouble: Trouble | undefined): ExecOutcome {
  const nothing = { ok: false, exitCode: undefined, signal: undefined, timedOut: false, stdout: '', stderr: '' };
  return trouble === undefined ? nothing : { ...nothing, trouble };
}

function troubleOf(
  argv: readonly string[],
  outcome: Pick<ExecOutcome, 'exitCode' | 'signal' | 'stderr' | 'stdout'>,
  stopped: Stopped | undefined,
  timeoutMs: number,
  code: string | undefined,
): Trouble {
  const name = argv.slice(0, 3).join(' ');
  const last = lastLines(outcome.stderr, 1)[0] ?? lastLines(outcome.stdout, 1)[0];
  const hint = last === undefined ? 'It printed nothing; run it by hand to see more.' : `It last said: ${last}`;
  if (stopped === 'deadline') return say('EXEC_TIMED_OUT', `${name} did not end within ${timeoutMs / 1_000} s.`, hint);
  if (stopped === 'aborted') return say('EXEC_TIMED_OUT', `${name} was called off before it ended.`, hint);
  if (outcome.signal !== undefined) return say('EXEC_FAILED', `${name} was ended by ${outcome.signal}.`, hint);
  if (outcome.exitCode !== undefined) return say('EXEC_FAILED', `${name} ended with status ${outcome.exitCode}.`, hint);
  const why = code === 'EACCES' ? 'it may not be executed' : (code ?? 'the system refused');
  return say('EXEC_NOT_POSSIBLE', `${name} could not be run: ${why}.`, 'Check the file and its permissions.');
}

function say(code: ErrorCode, message: string, hint: string): Trouble {
  return { code, message, hint };
}
