import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PersonError } from '../errors.ts';
import { monotonicMs } from '../host/clock.ts';
import { clean } from '../text/clean.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import { openProgress } from './progress.ts';
import { asSnapshot } from './snapshot.ts';

const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 25;
// What ends up here is what the runtime itself prints; the daemon's own log is bounded elsewhere.
const OUTPUT_MAX_BYTES = 1024 * 1024;

export type SpawnedDaemon = { readonly child: ChildProcess; readonly outputFile: string; readonly outputFrom: number };

export type Readiness =
  | { readonly alive: true; readonly looked: boolean }
  | { readonly alive: false; readonly exitCode: number | null; readonly lastWords: readonly string[] };

/** Starts this same program in the background, in its own session, with its output in `daemon.out` below `logFolder`. */
export function spawnDaemon(
  args: readonly string[],
  logFolder: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): SpawnedDaemon {
  const script = process.argv[1];
  if (script === undefined)
    throw new PersonError('INTERNAL', 'This program does not know its own path.', 'Start it as jarvis-health.');
  const outputFile = join(logFolder, 'daemon.out');
  const fd = openSync(outputFile, 'a', 0o600);
  try {
    if (fstatSync(fd).size > OUTPUT_MAX_BYTES) ftruncateSync(fd);
    const outputFrom = fstatSync(fd).size;
    const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', fd, fd],
    });
    // Said by awaitReady: a process that could not be started has ended.
    child.on('error', () => undefined);
    return { child, outputFile, outputFrom };
  } finally {
    closeSync(fd);
  }
}

/** Waits until the daemon has looked at everything once, or has ended. A daemon that takes long is left to go on. */
export async function awaitReady(context: Context, daemon: SpawnedDaemon): Promise<Readiness> {
  const { child } = daemon;
  const progress = openProgress(context, 'Starting, first looks');
  const beganAt = monotonicMs();
  let answered = false;
  try {
    while (monotonicMs() - beganAt < READY_WITHIN_MS) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        return { alive: false, exitCode: child.exitCode, lastWords: lastWords(daemon) };
      }
      const seen = await firstSight(context);
      answered ||= seen !== undefined;
      if (seen === 'looked') return { alive: true, looked: true };
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
    child.unref();
  }
  if (!answered)
    throw new PersonError(
      'DAEMON_SILENT',
      `The daemon was started (process ${child.pid}) but does not answer yet.`,
      'See: jarvis-health logs',
    );
  return { alive: true, looked: false };
}

/** Whether the daemon has a picture yet; `undefined` when it does not answer. */
export async function firstSight(context: Context): Promise<'looked' | 'not yet' | undefined> {
  try {
    const { targets } = asSnapshot(await askDaemon(context, '/api/v1/state'));
    // Where there is nothing to look at, nothing is to be waited for.
    return targets.some(({ state }) => state === 'first-run') ? 'not yet' : 'looked';
  } catch (error) {
    if (error instanceof PersonError && error.code.startsWith('DAEMON_')) return undefined;
    throw error;
  }
}

/** What the daemon's runtime printed last, at most twenty lines. */
export function lastWords({ outputFile, outputFrom }: SpawnedDaemon): readonly string[] {
  const text = readFileSync(outputFile).toString('utf8', outputFrom);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20)
    .map((line) => clean(line, 2000));
}
