import type { Owner } from './owner.ts';

/** The words of the house (docs/concepts.md), as types. Pure: imports nothing outside src/core. */

export type TargetId = string;
/** `<target>:<instance>`, for example `hub:http` or `disk:/`. */
export type CheckId = string;
export type IncidentId = string;
export type AttemptId = string;

/**
 * Two clocks, always passed as an argument. `at` is wall time (ms since 1970) and is for people;
 * `steady` (ms) never jumps, goes on across restarts and host sleep, and is what every limit is measured with.
 */
export type Now = { readonly at: number; readonly steady: number };
/** A moment, on both clocks. */
export type Moment = Now;

/** `idle`: the check has nothing to look at yet (no process known, no file matched); it has no say in a verdict. */
export type Status = 'ok' | 'warning' | 'critical' | 'unknown' | 'idle';

export type Evidence = 'definite' | 'suspect';

/** Why a look came out as it did: the classes that playbook steps and `recoverOn` refer to. */
export type Reason =
  | 'fine'
  | 'gone' // the tracked process does not exist any more
  | 'absent' // no process of this service was ever seen
  | 'unmatched' // no process of it was ever seen, and yet something answers at its address
  | 'unstable' // its process ends again and again, and something else starts it anew
  | 'foreign' // another program holds the port
  | 'refused' // nothing accepts connections
  | 'silent' // accepted or sent, and no answer within the time-out
  | 'failing' // answered with a status of 500 or more
  | 'wrong-answer' // answered, but not as configured (status, body)
  | 'rate-limited' // answered that it is asked too often (429): only waiting helps
  | 'slow' // answered as it should, and later than `http.slow`
  | 'degraded' // alive and answering, and says itself that not all of it works; never restarted for that
  | 'over-limit' // a value is over its warning or critical limit
  | 'cannot-look' // no permission, tool missing, own deadline missed
  | 'nothing-to-look-at';

/** Pid plus start time: the pair is never reused, a pid alone is. `startToken` is opaque and differs after a reboot. */
export type ProcessIdentity = { readonly pid: number; readonly startToken: string };

/** What is remembered of the process that is a service, to recognise it and its kin later. */
export type TrackedProcess = ProcessIdentity & {
  readonly command: string;
  readonly cwd: string | undefined;
  /** Had a controlling terminal: when it goes, a person probably stopped it. */
  readonly hadTerminal: boolean;
  /** True when it is provably this service (started by us, matched, or argv and folder of `start`): only then may it be ended. */
  readonly proven: boolean;
  /** The process group we created for it, if we did: then the whole group is ended with it. */
  readonly ownGroup: number | undefined;
  /** Who supervises it, where somebody does: asked first (DESIGN §5.2). */
  readonly owner?: Owner | undefined;
};

/** One observation by a check: facts, no history, no policy. Times in ms, sizes in bytes. */
export type Result = {
  readonly check: CheckId;
  readonly target: TargetId;
  /** Strictly rising per check; the judge ignores a number it has seen. */
  readonly look: number;
  readonly status: Status;
  readonly evidence: Evidence;
  readonly reason: Reason;
  /** One sentence in plain words, of untrusted origin: it may quote the host. */
  readonly message: string;
  /** True when there was no answer at all (refused, timed out): such evidence must also last `hungAfter`. */
  readonly silent: boolean;
  readonly metrics: Readonly<Record<string, number>>;
  /** For values: below the level at which an over-limit belief clears. Absent for checks without levels. */
  readonly clear?: boolean | undefined;
  /** The process this look found to be the service, if it found one. */
  readonly process?: TrackedProcess | undefined;
  /** Whom the look took for the service as it began, where it found that one gone or found another. */
  readonly begunWith?: ProcessIdentity | 'nobody' | undefined;
  /** Wall time at which the look began. */
  readonly at: number;
  /** Steady time at which the look began. */
  readonly steady: number;
  readonly tookMs: number;
};

/** A trouble as a value: what a person can be told. `code` is in the registry (src/errors.ts, docs/errors.md). */
export type Trouble = { readonly code: string; readonly message: string; readonly hint: string };
