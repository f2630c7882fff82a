import { mkdir } from 'node:fs/promises';
import type { ProcessIdentity, TrackedProcess, Trouble } from '../core/types.ts';
import { type Signal, type SignalOutcome, signalProcess } from './end-processes.ts';
import type { ExecOptions } from './exec.ts';
import { execOutside } from './exec-outside.ts';
import { gzipFile, removeFile, renameNew } from './hands-files.ts';
import { seconds, typed } from './hands-plan.ts';
import { type Replacement, replaceFile } from './replace-file.ts';
import type { Exit } from './start-outcome.ts';
import { startService } from './start-service.ts';
import { findStopTarget, type StopTarget, stopProcess } from './stop-process.ts';

/** What a command left behind. `timedOut` and `killed` never both matter: look at `ok` first. */
export type ExecOutcome = {
  readonly ok: boolean;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  /** Capped; the end of the output is kept, for that is where the error is. */
  readonly stdout: string;
  readonly stderr: string;
  readonly trouble?: Trouble;
};

export type StartOutcome =
  | {
      readonly started: true;
      readonly process: TrackedProcess | undefined;
      readonly via: 'detached' | 'systemd-run' | 'dry-run';
    }
  /** Could not be started, or ended at once with `exitCode`. `lastLines`: the end of what it printed. */
  | {
      readonly started: false;
      readonly exitCode: number | undefined;
      readonly lastLines: readonly string[];
      readonly trouble: Trouble;
    };

export type StopOutcome = 'stopped' | 'was-gone' | 'not-allowed' | 'still-there';

/** What must be so before it is done, said before its line: `after 3 s, if it has not ended: `. */
type When = { readonly when?: string };

/**
 * The one door through which actions change the host. In a dry run every call writes a line to `planned`
 * and changes nothing. Refusals (identity, ourselves, pid 1) are in here, so no action can forget them.
 */
export type Hands = {
  readonly dryRun: boolean;
  /** What was done or, in a dry run, would be done: one line each, as a person would type it. */
  readonly planned: readonly string[];
  exec(argv: readonly string[], options?: Omit<ExecOptions, 'calledAs'> & When): Promise<ExecOutcome>;
  /** Starts a service that outlives the daemon; output is appended to `logFile`. Waits `settleMs` to see whether it ends at once. */
  startService(service: {
    readonly name: string;
    readonly argv: readonly string[];
    readonly cwd: string | undefined;
    readonly env: Readonly<Record<string, string>>;
    readonly logFile: string;
    readonly settleMs: number;
  }): Promise<StartOutcome>;
  /** TERM, wait `graceMs`, KILL. Reads the identity again before each signal. `group`: only for a group we created. */
  stopProcess(
    process: ProcessIdentity,
    options: { readonly graceMs: number; readonly group: boolean },
  ): Promise<StopOutcome>;
  /** Sends one signal to exactly this process, whose identity is read again immediately before, and waits for nothing. */
  signal(process: ProcessIdentity, signal: Signal, when?: When): Promise<SignalOutcome>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /**
   * Compresses `file` to `target` (default `file.gz`), which may lie on another disk and must not exist yet (EEXIST);
   * durable before the original is removed. Gives back the target's path. On any trouble the original stays and no
   * half-written target is left.
   */
  gzip(file: string, target?: string): Promise<string>;
  makeFolder(folder: string): Promise<void>;
  /** Puts the bytes of `from` in the place of a file, durably; what was there stays under another name. See replaceFile. */
  replaceFile(file: string, from: string, replacement: Replacement): Promise<void>;
};

export type HandsOptions = {
  readonly dryRun: boolean;
  /** The home folder: services carry it as a mark, and start in it when their config names no folder. */
  readonly home: string;
  /** What names of units begin with; another one for each daemon on this host. Default `jarvis-health-`. */
  readonly servicePrefix?: string;
  /** Hears each line of `planned` as it is written, and what went otherwise than asked. */
  readonly say?: (line: string) => void;
  /** Hears when a service that we started ourselves, and that had settled, ends: at once, and with its exit status. */
  readonly onExit?: (exit: Exit) => void;
};

/** Makes the one door through which the host is changed. Calls on files throw what the system says (`ENOENT`, `EACCES`, …). */
export function createHands(options: HandsOptions): Hands {
  const planned: string[] = [];
  const say = options.say ?? (() => {});
  const note = (line: string) => {
    planned.push(line);
    say(line);
  };
  const settings = {
    home: options.home,
    servicePrefix: options.servicePrefix ?? 'jarvis-health-',
    say,
    onExit: options.onExit ?? (() => {}),
  };
  /** Writes the line down and, unless this is a dry run, does it. */
  const change = async (argv: readonly string[], act: () => Promise<unknown>): Promise<void> => {
    note(typed(argv));
    if (!options.dryRun) await act();
  };

  return {
    dryRun: options.dryRun,
    planned,
    async exec(argv, execOptions) {
      const { when = '', cwd } = execOptions ?? {};
      note(`${when}${cwd === undefined ? '' : `cd ${typed([cwd])} && `}${typed(argv)}`);
      if (!options.dryRun) return await execOutside(argv, execOptions);
      return { ok: true, exitCode: 0, signal: undefined, timedOut: false, stdout: '', stderr: '' };
    },
    async startService(service) {
      note(
        `cd ${typed([service.cwd ?? options.home])} && ${typed(service.argv)} >> ${typed([service.logFile])} 2>&1 &`,
      );
      if (!options.dryRun) return await startService(service, settings);
      return { started: true, process: undefined, via: 'dry-run' };
    },
    async stopProcess(process, { graceMs, group }) {
      const target = await findStopTarget(process, group);
      if (typeof target === 'string') {
        note(target === 'was-gone' ? `process ${process.pid} has gone` : `process ${process.pid} must not be ended`);
        return target;
      }
      note(stopLine(target, graceMs));
      return options.dryRun ? 'stopped' : await stopProcess(process, { graceMs, group });
    },
    async signal(process, signal, { when = '' } = {}) {
      const target = await findStopTarget(process, false);
      if (typeof target === 'string') {
        note(
          target === 'was-gone' ? `process ${process.pid} has gone` : `process ${process.pid} must not get a signal`,
        );
        return target === 'was-gone' ? 'gone' : target;
      }
      note(`${when}kill -${signal.slice('SIG'.length)} ${process.pid} (${target.process.command})`);
      return options.dryRun ? 'sent' : signalProcess(process, signal);
    },
    rename: (from, to) => change(['mv', '-n', from, to], () => renameNew(from, to)),
    remove: (file) => change(['rm', file], () => removeFile(file)),
    async gzip(file, target) {
      note(
        target === undefined
          ? typed(['gzip', file])
          : `gzip < ${typed([file])} > ${typed([target])} && ${typed(['rm', file])}`,
      );
      return options.dryRun ? (target ?? `${file}.gz`) : await gzipFile(file, target);
    },
    makeFolder: (folder) =>
      change(['mkdir', '-p', '-m', '700', folder], () => mkdir(folder, { recursive: true, mode: 0o700 })),
    async replaceFile(file, from, replacement) {
      const { asideAs } = replacement;
      if (asideAs !== undefined) note(typed(['mv', '-n', file, asideAs]));
      await change(['cp', from, file], () => replaceFile(file, replacement));
    },
  };
}

function stopLine({ process, pgid }: StopTarget, graceMs: number): string {
  const whom = pgid === undefined ? String(process.pid) : `-- -${pgid}`;
  return `kill -TERM ${whom} (${process.command}), then -KILL after ${seconds(graceMs)}`;
}
