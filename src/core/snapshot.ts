import type { TroubleClass } from './classify.ts';
import type { Figures } from './figures-of-recovery.ts';
import type { HostRecovery } from './host-recovery.ts';
import type { Alert } from './state.ts';
import type { Reason, Status } from './types.ts';
import type { RecoveryView, TryView } from './view-recovery.ts';

/**
 * The one snapshot that CLI, page and API read (made by `overview`). Times: ms since 1970; sizes: bytes;
 * durations: ms. Every string may quote the host and is untrusted. Grows by adding; `schema` rises when it breaks.
 */
export type Snapshot = {
  readonly schema: 1;
  readonly writtenAt: number;
  /** A reader expects the next one within about this time. */
  readonly everyMs: number;
  readonly seq: number;
  readonly host: { readonly name: string; readonly tz: string; readonly bootAt: number };
  readonly daemon: {
    readonly version: string;
    readonly pid: number;
    readonly startedAt: number;
    readonly rssBytes: number;
    readonly state: 'starting' | 'running' | 'stopping' | 'stopped';
    readonly stoppedAt?: number;
    readonly reason?: string;
    /** The command a person types to start it. */
    readonly startHint: string;
    readonly home: string;
    readonly mode: 'act' | 'observe';
    readonly configured: boolean;
    /** The config file's trouble while the last good one is in force. */
    readonly configTrouble?: string;
    /** Set when that trouble keeps a changed file from being in force: "config.yaml is refused (line 7)". */
    readonly configRefused?: string;
    /** "playbooks/mine.yaml is refused (line 3); the last good one is in force", or that it is not used. */
    readonly playbooksRefused?: string;
    /** Things the daemon has to say about itself: set-aside files, a full disk, an open breaker. */
    readonly notices: readonly { readonly at: number; readonly code: string; readonly text: string }[];
  };
  readonly verdict: {
    readonly state: VerdictState;
    readonly headline: string;
    readonly detail: string;
    readonly since: number;
  };
  /** Figures of the host that are shown and never judged; each is absent until it was read. */
  readonly vitals?: VitalsView;
  /** How it stands with recovery on this host, and what it has come to over the incidents that are kept. */
  readonly recovery?: { readonly state: HostRecovery; readonly figures?: Figures };
  readonly targets: readonly TargetView[];
  readonly incidents: readonly IncidentView[];
  readonly holds: readonly {
    readonly scope: string;
    readonly kind: string;
    readonly reason: string;
    readonly until: number | undefined;
  }[];
  readonly silences: readonly { readonly scope: string; readonly until: number }[];
  readonly alerts: { readonly pending: readonly Alert[] };
  /** What was seen on this host besides the targets; shown, never judged. */
  readonly found: {
    readonly listeners: readonly {
      readonly address: string;
      readonly port: number;
      readonly pid: number | undefined;
      readonly command: string;
    }[];
    readonly logFolders: readonly {
      readonly path: string;
      readonly bytes: number;
      readonly files: number;
      readonly largest: string;
      readonly largestBytes: number;
    }[];
  };
};

/** DASHBOARD.md §7, worst first is decided in `overview`. */
export type VerdictState =
  | 'down'
  | 'recovering'
  | 'slow'
  | 'acknowledged'
  | 'maintenance'
  | 'unknown'
  | 'first-run'
  | 'working';

export type VitalsView = {
  /** Mean busy share of all cores over the last minute; `load1` over the same; `celsius` of the hottest sensor, if any. */
  readonly cpu?: {
    readonly busyPercent: number;
    readonly cores: number;
    readonly load1: number;
    readonly celsius?: number;
  };
  /** Highest use since local midnight. */
  readonly memory?: { readonly peakTodayBytes: number };
};

export type TargetView = {
  readonly id: string;
  readonly kind: 'service' | 'disk' | 'memory' | 'logs';
  readonly state: VerdictState;
  /** The believed status; `soft` when a failed look is not yet confirmed. */
  readonly status: Status;
  readonly soft: boolean;
  /** The list's words: "answers in 182 ms", "down 2 min 14 s" is composed by the reader from `state` and `since`. */
  readonly detail: string;
  readonly since: number;
  readonly replyMs: number | undefined;
  readonly flapping: boolean;
  readonly silencedUntil: number | undefined;
  readonly incident: string | undefined;
  /** What kind of trouble it has, and by what that was seen; only while an incident is open. */
  readonly class?: TroubleClass;
  readonly evidence?: readonly string[];
  readonly parents: readonly string[];
  /** Who names it as a parent. */
  readonly children?: readonly string[];
  readonly checks: readonly CheckView[];
  /** The newest results of its checks, newest first, at most five; left out where a file has no room for them. */
  readonly recent?: readonly RecentView[];
  readonly process: { readonly pid: number; readonly command: string } | undefined;
  /** Who supervises it and is asked to restart it: "systemd (user unit hub.service)". Absent when nobody is known to. */
  readonly owner?: string | undefined;
  /** Why something was or was not done, newest first, as `explain` shows it. */
  readonly rulings: readonly RulingView[];
  readonly attempts: readonly AttemptView[];
  /** While one is under way. */
  readonly recovery?: RecoveryView;
  /** What recovery has come to; absent where no incident is kept. */
  readonly figures?: Figures;
  readonly limits: {
    readonly attemptsLastHour: number;
    readonly maxAttemptsPerHour: number;
    readonly nextAttemptAt: number | undefined;
    /** Where it has a budget of unclean ends: how many were seen within `windowMs`; until `until` it is left in peace. */
    readonly uncleanEnds?: {
      readonly seen: number;
      readonly most: number;
      readonly windowMs: number;
      readonly until?: number;
    };
  };
  readonly mode: 'act' | 'observe';
  /** The playbook that would be chosen now. */
  readonly playbook?: string;
  /** What recovery would do, one line a step; empty when nothing may be done, and `because` says why. */
  readonly plan: readonly string[];
  readonly because: string | undefined;
};

export type CheckView = {
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly soft: boolean;
  readonly strikes: number;
  readonly threshold: number;
  readonly reason: Reason | undefined;
  readonly message: string;
  readonly at: number | undefined;
  readonly tookMs: number | undefined;
  readonly everyMs: number;
  /** While `soft`: why it is not believed yet, "2 of 3 failed looks". */
  readonly doubt?: string;
  /** Where a share is judged: at these it is a warning, and critical. */
  readonly levels?: { readonly warningPercent: number; readonly criticalPercent: number };
  readonly metrics: Readonly<Record<string, number>>;
};

export type RecentView = {
  readonly check: string;
  readonly at: number;
  /** What this one look saw, confirmed or not. */
  readonly status: Status;
  readonly message: string;
};

export type RulingView = { readonly at: number; readonly code: string; readonly text: string; readonly until?: number };

export type AttemptView = {
  readonly id: string;
  readonly playbook: string;
  readonly at: number;
  readonly endedAt: number | undefined;
  readonly outcome: string | undefined;
  readonly manual: boolean;
  /** The incident it was for; absent when a person had it run on what was well. */
  readonly incident?: string;
  /** Of the newest three: the class when it began with its evidence, and what became of each try of each step. */
  readonly class?: string;
  readonly because?: readonly string[];
  readonly steps?: readonly TryView[];
};

export type IncidentView = {
  readonly id: string;
  readonly target: string;
  readonly title: string;
  readonly phase: 'detected' | 'recovering' | 'recovered' | 'failed' | 'suppressed';
  readonly severity: 'warning' | 'critical';
  readonly start: number;
  readonly end: number | undefined;
  /** DASHBOARD §8: Auto-fixed, Went away, Needed you, Open. */
  readonly outcome: 'open' | 'auto-fixed' | 'went-away' | 'needed-you';
  readonly ackAt: number | undefined;
  readonly stoppedAt: number | undefined;
  readonly cause: string;
  /** What kind of trouble it is, and by what that was seen. */
  readonly class?: TroubleClass;
  readonly evidence?: readonly string[];
  readonly steps: readonly {
    readonly at: number;
    readonly kind: string;
    readonly text: string;
    readonly detail?: string;
  }[];
  readonly next: string | undefined;
  /** While it is open: the targets that depend on its target, directly or not. */
  readonly affects?: readonly string[];
  /** What changed on this host within half an hour before it began, oldest first: facts, not causes. */
  readonly changedBefore?: readonly { readonly at: number; readonly text: string }[];
};
