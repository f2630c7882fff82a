import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './error-code.ts';
import type { StartOutcome } from './hands.ts';
import { readProcess } from './processes.ts';
import { openServiceLog } from './service-log.ts';
import {
  type Exit,
  endedAtOnce,
  notStarted,
  type PreparedStart,
  type StartSettings,
  trackedFrom,
  trouble,
} from './start-outcome.ts';
import { lastWordsIn } from './tail.ts';

/** What a login gives (login.defs(5)) and systemd its units: ours may be stricter, and is not passed on (umask(2)). */
const SERVICE_UMASK = 0o022;

/** Starts a service in a session and process group of its own (setsid(2)), so that it stays when we go. */
export async function startDetached(service: PreparedStart, settings: StartSettings): Promise<StartOutcome> {
  const log = openServiceLog(service.logFile);
  if (log.lost !== undefined) settings.say(`the output of ${service.name} is not kept: ${log.lost}`);
  let child: ChildProcess;
  try {
    child = spawnWithUmask(SERVICE_UMASK, service, log.descriptor);
  } catch (error) {
    return refused(service, error);
  } finally {
    closeSync(log.descriptor);
  }
  child.unref();
  const ending = endOf(child);
  const end = await Promise.race([ending, delay(service.settleMs, 'runs' as const)]);
  if (end instanceof Error) return refused(service, end);
  if (end !== 'runs') return endedWith(service, end, log.fromByte);
  const facts = child.pid === undefined ? undefined : await readProcess(child.pid);
  if (facts === undefined) {
    // It ended while it was looked at.
    const late = await ending;
    return late instanceof Error ? refused(service, late) : endedWith(service, late, log.fromByte);
  }
  void ending.then((late) => late instanceof Error || settings.onExit(late));
  return { started: true, process: trackedFrom(facts), via: 'detached' };
}

/** The child gets the umask of the moment it is made. Our own files name their modes, so they do not depend on it. */
function spawnWithUmask(mask: number, service: PreparedStart, output: number): ChildProcess {
  const ours = process.umask(mask);
  try {
    return spawn(service.program, service.argv.slice(1), {
      argv0: service.argv[0],
      cwd: service.cwd,
      env: service.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
  } finally {
    process.umask(ours);
  }
}

/** Success at once: it probably made a daemon of itself, and the checks will find which process that is. */
function endedWith(service: PreparedStart, exit: Exit, fromByte: number): StartOutcome {
  if (exit.exitCode === 0) return { started: true, process: undefined, via: 'detached' };
  return endedAtOnce(service, exit, lastWordsIn(service.logFile, fromByte));
}

function endOf(child: ChildProcess): Promise<Exit | Error> {
  return new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (exitCode, signal) => {
      resolve({ pid: child.pid ?? 0, exitCode: exitCode ?? undefined, signal: signal ?? undefined });
    });
  });
}

function refused(service: PreparedStart, error: unknown): StartOutcome {
  const code = codeOf(error) ?? 'unknown reason';
  const hints: Record<string, string> = {
    ENOENT: 'Does the first line of the script name an interpreter that exists?',
    ENOEXEC: 'Is it a program for this kind of machine, or a script without a first line like #!/bin/sh?',
    EACCES: 'Check the permissions of the file, and whether its disk allows programs (noexec).',
    EAGAIN: 'Too many processes run: see `ulimit -u`.',
    ENOMEM: 'There is no memory left for a new process.',
  };
  const hint = hints[code] ?? 'Run the command by hand to see more.';
  return notStarted(trouble('START_REFUSED', `The system did not start ${service.program}: ${code}.`, hint));
}
