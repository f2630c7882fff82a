import type { TroubleClass } from './classify.ts';
import type { IncidentAttempt } from './incident-attempts.ts';
import type { LastExit } from './last-exit.ts';
import type { Owner } from './owner.ts';
import type { Plan } from './plan.ts';
import type { StepResult } from './step-result.ts';
import type {
  AttemptId,
  CheckId,
  Evidence,
  IncidentId,
  Moment,
  ProcessIdentity,
  Reason,
  Result,
  Status,
  TargetId,
  TrackedProcess,
} from './types.ts';
import type { UncleanEnd } from './unclean-ends.ts';

/** Everything that must survive a crash: kept in state.json. Bounded in every list. */
export type State = {
  readonly version: 1;
  readonly clock: { readonly at: number; readonly steady: number; readonly bootId: string; readonly uptimeMs: number };
  readonly lastIncident: number;
  readonly lastAttempt: number;
  readonly lastAlert: number;
  readonly host: HostState;
  readonly targets: Readonly<Record<TargetId, TargetState>>;
  readonly checks: Readonly<Record<CheckId, CheckState>>;
  readonly incidents: Readonly<Record<IncidentId, Incident>>;
  readonly maintenance: readonly Maintenance[];
  readonly silences: readonly Silence[];
  /** Alerts decided but not yet known to be in the pending queue: queued again after a crash, by id, so none is lost or doubled. */
  readonly outbox: readonly Alert[];
  /** That something is over, not told yet because its target was silent then. */
  readonly owed: readonly Alert[];
};

/** State plus what is only worth knowing while the daemon lives: the last look of each check, and that it is about to end. */
export type World = {
  readonly state: State;
  readonly latest: Readonly<Record<CheckId, Result>>;
  readonly stopping?: boolean;
  /** The plan it was told last: what differs from it has changed. */
  readonly plan?: Plan;
};

export type HostState = {
  /** Steady times of automatic attempts within the host window. */
  readonly attempts: readonly number[];
  readonly breakerUntil: number | undefined;
  readonly breakerAt: number | undefined;
  /** The open breaker has been alerted. */
  readonly breakerTold: boolean;
  /** Host just booted or woke: no recovery until then (steady). */
  readonly quietUntil: number | undefined;
  readonly quietBecause: string | undefined;
};

export type CheckState = {
  /** Confirmed status. */
  readonly belief: Status;
  readonly since: Moment;
  readonly evidence: Evidence;
  readonly reason: Reason;
  readonly message: string;
  /** Failed looks in a row that are not yet confirmed, or good ones on the way back. */
  readonly strikes: number;
  /** How many of the strikes could not see: they make unknown, and never bad. */
  readonly unseen: number;
  /** Definite looks in a row, at most two: the second read is what makes them believed. */
  readonly definites: number;
  readonly goods: number;
  /** First failed look of the present row. */
  readonly badSince: Moment | undefined;
  /** First look of the present row that had no answer at all. */
  readonly silentSince: Moment | undefined;
  /** First look of the present row that was critical: a value must stay there for its time before the belief rises. */
  readonly criticalSince: Moment | undefined;
  /** Steady end of the last look that counted as a strike; looks closer than `retryEvery` to it do not count. */
  readonly countedAt: number | undefined;
};

export type TargetState = {
  readonly belief: Status;
  readonly since: Moment;
  /** Confirmed states at the normal rhythm, oldest first, 1 bad; and when the last one was noted (steady). */
  readonly hardStates: readonly number[];
  readonly hardStateAt: number;
  /** Steady time since which it flaps, if it does. */
  readonly flappingSince: number | undefined;
  readonly incident: IncidentId | undefined;
  readonly attempts: readonly Attempt[];
  /** When the last automatic attempts are forgotten after health, they stay listed but no longer space the next. */
  readonly forgottenAt: number | undefined;
  readonly healthySince: Moment | undefined;
  readonly tracked: TrackedProcess | undefined;
  /** Who supervised the last process that was followed; known also while there is none. */
  readonly owner?: Owner | undefined;
  readonly starting: Starting | undefined;
  /** The service's own past start times, newest last, at most ten. */
  readonly startTimesMs: readonly number[];
  /** Processes in a row that something else started and that ended soon: `count` of them, before the one born at `bornAt` (steady). */
  readonly shortLives: { readonly count: number; readonly since: Moment; readonly bornAt: number } | undefined;
  /** The last ends of its process that nobody had wished; kept where there is a budget for them. */
  readonly uncleanEnds: readonly UncleanEnd[];
  /** The last process whose end was wished: it is not counted when the next one is followed either. */
  readonly forgiven?: ProcessIdentity | undefined;
  readonly bringUp: BringUp;
  /** Facts of the last survey that forbid acting now. */
  readonly hostHolds: readonly HostHold[];
  readonly survey: { readonly askedAt: Moment; readonly answeredAt: Moment | undefined } | undefined;
  /** A configuration refused by the service (exit 78): the plan fingerprint it was refused under. */
  readonly refusedUnder: string | undefined;
  /** Steady time of the last alert that counts against the hourly cap. */
  readonly lastAlertAt: number | undefined;
  /** How the service's last process ended, when it was our child or its start command failed. */
  readonly lastExit: LastExit | undefined;
  /** The disk on which it lives had no room left when the host was surveyed last, in words. */
  readonly fullDisk?: string | undefined;
  readonly rulings: readonly Ruling[];
};

export type Starting = {
  readonly since: Moment;
  readonly until: number;
  readonly cap: number;
};

/** Starting what is down when the daemon starts: not an attempt, outside every limit but its own three tries. */
export type BringUp = {
  readonly phase: 'pending' | 'waiting' | 'acting' | 'verifying' | 'done' | 'gave-up';
  readonly tries: number;
  /** Steady time of the next try while `waiting`; when the command was run while `verifying`. */
  readonly at: number;
};

export type Attempt = {
  readonly id: AttemptId;
  readonly incident: IncidentId | undefined;
  readonly playbook: string;
  readonly reason: Reason;
  readonly manual: boolean;
  readonly started: Moment;
  /** What kind of trouble it was when the attempt began, and by what that was seen: frozen for the whole run. */
  readonly class: TroubleClass;
  readonly because: readonly string[];
  /** A person asked for it by force. */
  readonly forced: boolean;
  /** Steady time after which no step and no retry begins. */
  readonly slo: number | undefined;
  readonly step: number;
  /** `waiting`: the next step, or the next try of the same one, is planned for `retryAt`. */
  readonly phase: 'acting' | 'verifying' | 'waiting' | 'ended';
  readonly retryAt: number | undefined;
  /** When the present step's action returned; only looks begun after it verify it. */
  readonly stepEnded: Moment | undefined;
  /** Verification ends by then (steady). */
  readonly verifyBy: number | undefined;
  readonly ended: Moment | undefined;
  readonly outcome: 'recovered' | 'not-recovered' | 'refused' | 'interrupted' | 'stopped' | undefined;
  readonly did: readonly string[];
  readonly trouble: string | undefined;
  /** Every try of every step so far, oldest first; bounded. */
  readonly steps: readonly StepResult[];
  /** A look that was begun before it acted, and heard of only then, saw the target well: it need not have acted. */
  readonly needless?: true;
  /** Good looks in a row since the present step ended, where its proof counts them; `at` is the last one's (steady). */
  readonly goods: readonly { readonly check: CheckId; readonly count: number; readonly at: number }[];
};

export type HostHold = {
  readonly kind: 'work' | 'maintenance-file' | 'stopped-by-person' | 'owner';
  readonly text: string;
  readonly since: Moment;
  readonly cap: number;
};

export type Ruling = { readonly at: number; readonly code: string; readonly text: string; readonly until?: number };

export type Incident = {
  readonly id: IncidentId;
  readonly target: TargetId;
  readonly title: string;
  readonly phase: 'detected' | 'recovering' | 'recovered' | 'failed' | 'suppressed';
  readonly severity: 'warning' | 'critical';
  readonly reason: Reason;
  /** What kind of trouble it is, and by what that was seen; of a closed one, as it was last. */
  readonly class?: TroubleClass;
  readonly because?: readonly string[];
  readonly evidence: readonly string[];
  readonly started: Moment;
  readonly detected: Moment;
  readonly ended: Moment | undefined;
  readonly outcome: 'open' | 'auto-fixed' | 'went-away' | 'needed-you';
  readonly ack: Moment | undefined;
  readonly stopped: Moment | undefined;
  readonly personActed: boolean;
  /** Bad looks at normal cadence since the verdict was hard and no attempt was running, and when the last one counted (steady). */
  readonly badLooks: number;
  readonly badLookAt: number;
  readonly sent: { readonly opened: boolean; readonly escalated: boolean; readonly failed: boolean };
  /** Recovery has failed once in this incident: from then on one trial an hour until it is well. */
  readonly gaveUp: boolean;
  /** A step that only informs has been run for this incident. */
  readonly informed: boolean;
  /** Its attempts that have ended, oldest first; bounded. A target keeps only its newest ones. */
  readonly attempts?: readonly IncidentAttempt[];
  /** Wall time of the first look since which every check sees it well; it is believed some looks later. */
  readonly wellFrom?: number | undefined;
  readonly steps: readonly {
    readonly at: number;
    readonly kind: string;
    readonly text: string;
    readonly detail?: string;
  }[];
};

export type Maintenance = {
  readonly scope: TargetId | 'all';
  readonly until: Moment;
  readonly reason: string;
  readonly by: string;
  readonly silent: boolean;
};

export type Silence = { readonly scope: TargetId | 'all'; readonly until: Moment; readonly by: string };

/** An entry of alert-pending.json; the shape is INTERFACE.md's. */
export type Alert = {
  readonly id: string;
  readonly key: string;
  readonly kind: 'opened' | 'escalated' | 'reminder' | 'failed' | 'resolved';
  readonly severity: 'warning' | 'critical';
  readonly target: string;
  readonly incident: string;
  readonly title: string;
  readonly body: string;
  readonly since: number;
  readonly createdAt: number;
  readonly evidence: readonly string[];
  readonly tried: readonly string[];
  readonly next: string;
  readonly doThis: string;
};
