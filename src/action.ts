import type { GenericSchema } from 'valibot';
import type { Owner } from './core/owner.ts';
import type { Reason, TargetId, TrackedProcess, Trouble } from './core/types.ts';
import type { Hands } from './host/hands.ts';

export type ActionContext = {
  readonly target: TargetId;
  /** Why the playbook runs. */
  readonly reason: Reason;
  readonly tracked: TrackedProcess | undefined;
  /** Who owned the last process of this service; known also while there is none. */
  readonly owner?: Owner | undefined;
  /** A person asked for it by hand: what a person has stopped may be started again. */
  readonly asked?: boolean;
  /** The only door to changing the host; in a dry run it records instead of doing. */
  readonly hands: Hands;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  /** Home folder of the daemon: what it started carries it as a mark. Without it no mark counts as a proof. */
  readonly home?: string;
};

/**
 * `done`: the host was changed (whether it helped, the next look says). `nothing`: there was nothing to do.
 * `refused`: a safety rule forbids it, trying again will not help by itself. `failed`: it was tried and went wrong.
 */
export type ActionOutcome = {
  readonly outcome: 'done' | 'nothing' | 'refused' | 'failed';
  /** What was done (or found), one plain sentence each, past tense. */
  readonly did: readonly string[];
  readonly trouble?: Trouble;
  /** The process that was started, when one was and it is known; the one that was there before, when that was left alone. */
  readonly process?: TrackedProcess;
  /** Exit status of a start command that ended at once. */
  readonly exitCode?: number;
  /** What a start command that ended at once printed last. */
  readonly lastLines?: readonly string[];
};

/** An action does one thing to the host. It must be safe to run twice. */
export type Action<Options> = {
  readonly name: string;
  readonly summary: string;
  readonly options: GenericSchema<unknown, Options>;
  /** Names of the options that the config of a target gives it; all that both know when absent. */
  readonly takes?: readonly string[];
  readonly run: (options: Options, context: ActionContext) => Promise<ActionOutcome>;
};

export function defineAction<Options>(action: Action<Options>): Action<Options> {
  return action;
}
