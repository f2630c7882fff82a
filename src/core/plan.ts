import type { TroubleClass } from './classify.ts';
import type { CheckId, Reason, TargetId } from './types.ts';
import type { UncleanPolicy } from './unclean-ends.ts';

/** The effective configuration, compiled: the judge's and the scheduler's only view of it. Durations in ms. */
export type Plan = {
  /** `observe`: looks and says what it would do, acts on nothing. Always so without a config file. */
  readonly mode: 'act' | 'observe';
  /** False when no config file exists and targets were detected. */
  readonly configured: boolean;
  /** In the order of the config; services first. */
  readonly targets: Readonly<Record<TargetId, TargetPlan>>;
  readonly checks: Readonly<Record<CheckId, CheckPlan>>;
  readonly limits: {
    readonly hostAttempts: number;
    readonly hostWindowMs: number;
    readonly breakerForMs: number;
    readonly maxConcurrent: number;
  };
  readonly alerts: { readonly after: number; readonly cooldownMs: number };
  readonly holds: {
    readonly afterBootMs: number;
    readonly afterWakeMs: number;
    /** How long a recovering parent may hold its children. */
    readonly parentMs: number;
    /** How long running work (build, install, update) may hold a recovery. */
    readonly workMs: number;
    /** Wait after a process on a person's terminal went away. */
    readonly terminalMs: number;
  };
};

export type TargetKind = 'service' | 'disk' | 'memory' | 'logs';

export type TargetPlan = {
  readonly id: TargetId;
  readonly kind: TargetKind;
  readonly mode: 'act' | 'observe';
  readonly parents: readonly TargetId[];
  readonly policy: TargetPolicy;
  /** The target's normal rhythm of looks (a service's `every`, 60 s for values): `alerts.after` counts in it. */
  readonly cadenceMs: number;
  /** What is done by itself: the first one whose classes fit the trouble. Empty: nothing may be done, and `because` says why. */
  readonly playbooks: readonly Playbook[];
  /** The other ones that fit this kind of target: run only when a person asks for one by its name. */
  readonly byHand: readonly Playbook[];
  /**
   * What the config says of it, as a restart takes it (folder, unit, port, start command): where a survey looks, and what
   * the options of a step lie over.
   */
  readonly options?: unknown;
  /** The playbooks are of use only once an owner of its process is known; until then `because` holds. */
  readonly needsOwner?: boolean;
  /** The owner that the config names, as it is written there. */
  readonly unit?: string;
  readonly because: string | undefined;
  /** Where its output is appended, when it is started from here. */
  readonly logFile?: string;
  /** Start it when it is down as the daemon starts or as it joins the config. */
  readonly bringUp: boolean;
  /** Changes when this target's part of the config changes: a refused configuration is not retried until it does. */
  readonly fingerprint: string;
};

export type TargetPolicy = {
  readonly cooldownMs: number;
  readonly maxAttemptsPerHour: number;
  /** Health of this length forgets past attempts (not the hourly count). */
  readonly forgetAfterMs: number;
  readonly startGraceMs: number;
  readonly startGraceCapMs: number;
  readonly recoverOn: readonly Reason[];
  readonly bringUpTries: number;
  readonly bringUpBackoffMs: number;
  /** A budget of unclean ends, for what over-killing harms. */
  readonly uncleanEnds?: UncleanPolicy;
};

export type CheckPlan = {
  readonly id: CheckId;
  readonly target: TargetId;
  /** Name of the check module: `process`, `http`, … */
  readonly name: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Set where a value must be over its limit for a time; then strikes do not apply. */
  readonly forMs: number | undefined;
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly retryEveryMs: number;
  readonly hungAfterMs: number;
  /** Already validated by the check's own schema. */
  readonly options: unknown;
};

/** Ordered steps; the next runs only when the verification of the one before failed. */
export type Playbook = {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Classes for which it is chosen by itself; all when absent. */
  readonly when?: readonly TroubleClass[];
  /** Time objective of the whole run: no step and no retry begins after it. */
  readonly sloMs: number;
  readonly steps: readonly Step[];
};

export type Step = {
  readonly action: string;
  /** Already validated by the action's own schema. */
  readonly options: unknown;
  readonly timeoutMs: number;
  /** Classes for which this step runs; all when absent. */
  readonly when?: readonly TroubleClass[];
  /** The step is of use only while one of these checks is bad (the cleanup of this disk, not of that one); always when absent. */
  readonly checks?: readonly CheckId[];
  /** `false`: it only informs (a report); it is run once per incident and is no attempt. */
  readonly recovers: boolean;
  /** Further tries of this step when it or its verification failed. */
  readonly retries: number;
  /** Before the first retry; doubled before each further one, up to 300 s. */
  readonly backoffMs: number;
  /** How it is seen whether the step helped. */
  readonly verify: Verify;
};

/**
 * `none`: the step only prepares, the next one follows at once. What is absent is as ever: all checks of the target, as
 * many good looks as its checks ask for, at their own rhythm, and within the time that a start may take.
 */
export type Verify =
  | 'none'
  | {
      readonly checks?: readonly CheckId[];
      readonly goods?: number;
      readonly everyMs?: number;
      readonly withinMs?: number;
    };

/** Of the playbooks that a target has, by themselves or by hand. */
export function playbookNamed({ playbooks, byHand }: TargetPlan, name: string): Playbook | undefined {
  return [...playbooks, ...byHand].find((one) => one.name === name);
}
