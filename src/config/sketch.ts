import type { CheckPlan, TargetPlan } from '../core/plan.ts';

/** A target as the config describes it, before it has playbooks. */
export type TargetSketch = {
  readonly target: Omit<TargetPlan, 'playbooks' | 'byHand'>;
  readonly checks: readonly CheckPlan[];
  /** Names of the playbooks that are run by themselves, in their order. */
  readonly automatic: readonly string[];
  readonly given: Given;
};

/** What the config says of a target to the actions of its steps; each takes what its schema knows. */
export type Given = {
  readonly options: Readonly<Record<string, unknown>>;
  /** For some actions its own words: one step for each of these, none where there is none. */
  readonly steps?: Readonly<Record<string, readonly GivenStep[]>>;
};

export type GivenStep = {
  readonly options: Readonly<Record<string, unknown>>;
  /** The step is of use only while one of these is bad. */
  readonly checks?: readonly string[];
};

/** The playbooks of a target; `because` says why there is none that is run by itself. */
export type Equipment = Pick<TargetPlan, 'playbooks' | 'byHand'> & { readonly because?: string };

export type Equip = (sketch: TargetSketch) => Equipment;
