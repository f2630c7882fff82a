import type { TroubleClass } from '../core/classify.ts';
import type { StepResult } from '../core/step-result.ts';
import type { Reason, TargetId } from '../core/types.ts';

/** How an action came out. */
export type Outcome = { readonly result: NonNullable<StepResult['result']>; readonly actMs: number };

/**
 * What ended a trouble. `attempt`: the nth automatic one, with its so-manieth action; from when that returned it took
 * `startMs` until the target was well.
 */
export type Ended =
  | {
      readonly by: 'attempt';
      readonly nth: number;
      readonly acts: number;
      readonly actMs: number;
      readonly startMs: number;
    }
  | { readonly by: 'itself' | 'person' | 'nobody' };

/** One trouble of one target, as it was: what a simulation gives the judge to see. Wall times in ms. */
export type Episode = {
  readonly target: TargetId;
  /** The first look that failed. */
  readonly from: number;
  /** From here on it was well again; `undefined` while that is open. */
  readonly to: number | undefined;
  readonly reason: Reason;
  readonly class: TroubleClass | undefined;
  readonly severity: 'warning' | 'critical';
  readonly ended: Ended;
  /** The attempts that did not help, oldest first. */
  readonly vain: readonly Outcome[];
  /** Failed looks that were never believed. */
  readonly soft?: true;
};

/** What was done and told in a recorded trouble. */
export type Recorded = {
  readonly episode: Episode;
  /** Number of the incident; none for failed looks that were never believed. */
  readonly incident: string | undefined;
  /** When each automatic attempt began. */
  readonly attempts: readonly number[];
  readonly alerts: number;
  /** How often the limits of the target were used up. */
  readonly exhausted: number;
};
