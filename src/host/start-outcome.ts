import type { TrackedProcess, Trouble } from '../core/types.ts';
import type { ErrorCode } from '../errors.ts';
import type { Hands, StartOutcome } from './hands.ts';
import type { ProcessFacts } from './process-facts.ts';

/** How a child that we started ended, when we were there to see it. `signal` in place of `exitCode` when it was killed. */
export type Exit = {
  readonly pid: number;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** By what it is known that memory had run out, as one sentence. */
  readonly outOfMemory?: string;
};

export type Service = Parameters<Hands['startService']>[0];

/** All that the two ways of starting need, with nothing left to look up. */
export type PreparedStart = {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly settleMs: number;
};

export type StartSettings = {
  readonly home: string;
  readonly servicePrefix: string;
  readonly say: (line: string) => void;
  readonly onExit: (exit: Exit) => void;
};

export function trackedFrom(facts: ProcessFacts): TrackedProcess {
  return {
    pid: facts.pid,
    startToken: facts.startToken,
    command: facts.command,
    cwd: facts.cwd,
    hadTerminal: facts.terminal,
    proven: true,
    ownGroup: facts.pgid === facts.pid ? facts.pgid : undefined,
  };
}

export function notStarted(because: Trouble, exitCode?: number, lastLines: readonly string[] = []): StartOutcome {
  return { started: false, exitCode, lastLines, trouble: because };
}

/** A service that ended at once with anything but success. */
export function endedAtOnce(
  service: PreparedStart,
  exit: Omit<Exit, 'pid'>,
  lastLines: readonly string[],
): StartOutcome {
  const how = exit.signal === undefined ? `ended with status ${exit.exitCode ?? '?'}` : `was ended by ${exit.signal}`;
  const said = lastLines.at(-1);
  const hint =
    said === undefined
      ? `It printed nothing; its log is ${service.logFile}.`
      : `See why in ${service.logFile}; it last said: ${said}`;
  return notStarted(trouble('START_ENDED', `${service.name} ${how} at once.`, hint), exit.exitCode, lastLines);
}

export function trouble(code: ErrorCode, message: string, hint: string): Trouble {
  return { code, message, hint };
}
