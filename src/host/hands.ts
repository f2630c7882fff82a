import type { ProcessIdentity, TrackedProcess, Trouble } from '../core/types.ts';

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
  | { readonly started: true; readonly process: TrackedProcess | undefined; readonly via: 'detached' | 'systemd-run' | 'dry-run' }
  /** Could not be started, or ended at once with `exitCode`. `lastLines`: the end of what it printed. */
  | { readonly started: false; readonly exitCode: number | undefined; readonly lastLines: readonly string[]; readonly trouble: Trouble };

export type StopOutcome = 'stopped' | 'was-gone' | 'not-allowed' | 'still-there';

/**
 * The one door through which actions change the host. In a dry run every call writes a line to `planned`
 * and changes nothing. Refusals (identity, ourselves, pid 1) are in here, so no action can forget them.
 */
export type Hands = {
  readonly dryRun: boolean;
  /** What was done or, in a dry run, would be done: one line each, as a person would type it. */
  readonly planned: readonly string[];
  exec(argv: readonly string[], options?: { timeoutMs?: number; cwd?: string; env?: Record<string, string>; maxBytes?: number }): Promise<ExecOutcome>;
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
  stopProcess(process: ProcessIdentity, options: { readonly graceMs: number; readonly group: boolean }): Promise<StopOutcome>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Compresses `file` to `file.gz`, durable before the original is removed. */
  gzip(file: string): Promise<string>;
  makeFolder(folder: string): Promise<void>;
};
