import type { HostHold } from './state.ts';
import type { Purpose } from './turn.ts';
import type { Result, TargetId, TrackedProcess, Trouble } from './types.ts';

/** What an action's outcome tells the judge (the shape of src/action.ts, which core may not import). */
export type StepOutcome = {
  readonly outcome: 'done' | 'nothing' | 'refused' | 'failed';
  readonly did: readonly string[];
  readonly trouble?: Trouble;
  readonly process?: TrackedProcess;
  readonly exitCode?: number;
  readonly lastLines?: readonly string[];
};

/** What a survey found that forbids acting now. Work has the config's time; an owner says how long it needs, from now on. */
export type FoundHold = Pick<HostHold, 'kind' | 'text'> & {
  readonly forMs?: number;
  /** Somebody wanted the service to end, or ends it for this: an update, its own command line. Other work only waits. */
  readonly isWish?: true;
};

/** How a service ended by itself, as its owner says; `lastLines` is what it printed last, where that is kept. */
export type EndUnderOwner = {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly lastLines: readonly string[];
  /** By what it is known that memory had run out, as one sentence. */
  readonly outOfMemory?: string;
};

/** Everything that can reach the judge. One at a time, through the inbox. Durations in ms. */
export type Event =
  | { readonly type: 'booted'; readonly sinceBootMs: number }
  | { readonly type: 'plan-changed' }
  /** The daemon is about to end. What is under way may come to its end, nothing new is begun. */
  | { readonly type: 'stopping' }
  | { readonly type: 'looked'; readonly result: Result }
  | { readonly type: 'ticked' }
  /** Once a minute: what could not be handed on is handed on again. */
  | { readonly type: 'upkeep' }
  /** The host slept, or the daemon was stopped for a while: nothing is stale because the lid was closed. */
  | { readonly type: 'resumed'; readonly awayMs: number }
  | {
      readonly type: 'surveyed';
      readonly target: TargetId;
      readonly found: readonly FoundHold[];
      readonly ended?: EndUnderOwner;
      /** The disk on which it lives has no room left, in words. */
      readonly fullDisk?: string;
    }
  | { readonly type: 'stepped'; readonly target: TargetId; readonly purpose: Purpose; readonly outcome: StepOutcome }
  /** A process that we started has ended. */
  | {
      readonly type: 'exited';
      readonly target: TargetId;
      readonly exitCode: number | undefined;
      readonly signal: string | undefined;
      readonly lastLines: readonly string[];
      /** By what it is known that memory had run out, as one sentence. */
      readonly outOfMemory?: string;
    }
  | { readonly type: 'alert-queued'; readonly id: string }
  | { readonly type: 'asked'; readonly request: number; readonly by: string; readonly wish: Wish };

/** What a person or a script may ask of the daemon. */
export type Wish =
  | {
      readonly type: 'recover';
      readonly target: TargetId;
      readonly playbook: string | undefined;
      readonly force: boolean;
    }
  | {
      readonly type: 'hold';
      readonly scope: string;
      readonly forMs: number;
      readonly reason: string;
      readonly silent: boolean;
    }
  | { readonly type: 'release'; readonly scope: string }
  | { readonly type: 'silence'; readonly scope: string; readonly forMs: number }
  | { readonly type: 'unsilence'; readonly scope: string }
  | { readonly type: 'ack'; readonly incident: string }
  | { readonly type: 'stop-incident'; readonly incident: string };
