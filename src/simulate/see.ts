import type { CheckPlan } from '../core/plan.ts';
import type { Reason, Result, TrackedProcess } from '../core/types.ts';
import type { Episode } from './episode.ts';

/** What is true of one target at a moment of a simulation. */
export type Truth = {
  readonly kind: 'service' | 'disk' | 'memory' | 'logs';
  readonly episode: Episode | undefined;
  /** It was started and does not answer yet. */
  readonly isBooting: boolean;
  readonly process: TrackedProcess;
  /** The judge knows a process of it. */
  readonly isTracked: boolean;
};

export type Seen = Pick<Result, 'status' | 'reason' | 'evidence' | 'silent' | 'clear' | 'process'>;

/** Reasons that the look at the process has; all others are of a look at an address, or of a value. */
const OF_PROCESS: readonly Reason[] = ['gone', 'absent', 'foreign', 'unmatched', 'unstable'];
const NO_PROCESS: readonly Reason[] = ['gone', 'absent'];
const MILD: readonly Reason[] = ['slow', 'rate-limited', 'degraded', 'unmatched', 'unstable'];

const WELL: Seen = { status: 'ok', reason: 'fine', evidence: 'suspect', silent: false };
const WELL_VALUE: Seen = { ...WELL, clear: true };
const REFUSED: Seen = { status: 'critical', reason: 'refused', evidence: 'suspect', silent: true };
const SILENT: Seen = { ...REFUSED, reason: 'silent' };
const GONE: Seen = { ...REFUSED, reason: 'gone', evidence: 'definite', silent: false };

/** What a look at this moment sees. `isFirst`: the first check of its target that looks at an address. */
export function see(check: CheckPlan, truth: Truth, isFirst: boolean, hasProcessCheck: boolean): Seen {
  const { episode, kind } = truth;
  if (kind !== 'service') return episode === undefined ? WELL_VALUE : { ...bad(episode), clear: false };
  if (check.name === 'process') return seeProcess(truth);
  if (episode === undefined) return truth.isBooting ? REFUSED : WELL;
  const { reason } = episode;
  if (NO_PROCESS.includes(reason) || reason === 'refused') return REFUSED;
  if (OF_PROCESS.includes(reason)) {
    if (!hasProcessCheck && isFirst) return bad(episode);
    return reason === 'foreign' ? SILENT : WELL;
  }
  if (!isFirst) return WELL;
  return reason === 'silent' ? SILENT : bad(episode);
}

function seeProcess({ episode, process, isTracked }: Truth): Seen {
  if (episode === undefined || !OF_PROCESS.includes(episode.reason)) return { ...WELL, process };
  // What was known and is not there is gone, whatever it began as.
  return isTracked && NO_PROCESS.includes(episode.reason) ? GONE : bad(episode);
}

function bad({ reason, severity }: Episode): Seen {
  if (reason === 'cannot-look') return { ...WELL, status: 'unknown', reason };
  const status = reason === 'over-limit' ? severity : MILD.includes(reason) ? 'warning' : 'critical';
  return { ...WELL, status, reason };
}

/** Down, as the bars and the uptime count it: not merely slow, nor out of sight. */
export function isDown({ reason, severity }: Episode): boolean {
  if (reason === 'cannot-look' || MILD.includes(reason)) return false;
  return reason !== 'over-limit' || severity === 'critical';
}
