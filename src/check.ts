import type { GenericSchema } from 'valibot';
import type { Owner } from './core/owner.ts';
import type { Evidence, Reason, Status, TrackedProcess } from './core/types.ts';

/** What a look is given besides its options. `signal` aborts at the check's deadline: honour it, leave nothing open. */
export type LookContext = {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** The process believed to be this service, from an earlier look. */
  readonly tracked: TrackedProcess | undefined;
  /** Who owned the last process of this service; known also while there is none. */
  readonly owner?: Owner | undefined;
  /** Never jumps, and is what intervals are measured with: people and NTP set the wall clock. */
  readonly steadyMs: number;
  /** Steady time at which it was started, while it is still starting and its start command has not failed. */
  readonly startedAtMs?: number | undefined;
  /** Home folder of the daemon: what it started carries it as a mark. Without it no mark counts as a proof. */
  readonly home?: string;
};

/** A result without its envelope. */
export type Assessment = {
  readonly status: Status;
  readonly evidence?: Evidence; // default: suspect
  readonly reason: Reason;
  readonly message: string;
  readonly silent?: boolean; // default: false
  readonly metrics?: Readonly<Record<string, number>>;
  /** For values: false while between the clear level and the limit, so that a belief clears lower than it trips. */
  readonly clear?: boolean;
  readonly process?: TrackedProcess | undefined;
};

/**
 * One way to look at one target. `observe` touches the host and throws only when it could not look (which becomes
 * `unknown`, never `critical`); `assess` is pure and turns what was seen into status, reason and message.
 */
export type Check<Options, Sight> = {
  readonly name: string;
  readonly summary: string;
  readonly options: GenericSchema<unknown, Options>;
  readonly observe: (options: Options, context: LookContext) => Promise<Sight> | Sight;
  readonly assess: (sight: Sight, options: Options) => Assessment;
  /** Optional and cheap, without a promise: true when the tracked process is certainly as it was, so a look would say the same. */
  readonly glance?: (tracked: TrackedProcess) => boolean;
};

export function defineCheck<Options, Sight>(check: Check<Options, Sight>): Check<Options, Sight> {
  return check;
}
