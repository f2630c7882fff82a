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
  /** What may be done, or `undefined` with `because` saying why nothing may. */
  readonly playbook: Playbook | undefined;
  /** The playbook is of use only once an owner of its process is known; until then `because` holds. */
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
export type Playbook = { readonly name: string; readonly steps: readonly Step[] };

export type Step = {
  readonly action: string;
  /** Already validated by the action's own schema. */
  readonly options: unknown;
  readonly timeoutMs: number;
  /** Classified reasons for which this step runs; all when absent. */
  readonly reasons?: readonly Reason[];
  /** The step is of use only while one of these checks is bad (the cleanup of this disk, not of that one); always when absent. */
  readonly checks?: readonly CheckId[];
  /** `false`: it only informs (a report); it is run once per incident and is no attempt. */
  readonly recovers: boolean;
};
