import type { Plan, TargetPolicy } from './plan.ts';
import type { Attempt, HostState } from './state.ts';

export const HOUR_MS = 3_600_000;

/** `until`: steady time at which to ask again; absent when it depends on something other than time. */
export type Permission =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: 'cooldown' | 'exhausted' | 'trial' | 'breaker' | 'busy';
      readonly until: number | undefined;
    };

export type LimitQuestion = {
  readonly attempts: readonly Attempt[];
  readonly forgottenAt: number | undefined;
  readonly host: HostState;
  readonly policy: TargetPolicy;
  readonly limits: Plan['limits'];
  /** The incident has failed: from then on one trial an hour. */
  readonly failed: boolean;
  readonly manual: boolean;
  /** Attempts running on the host now. */
  readonly running: number;
};

/**
 * May an attempt start now? Limits count attempts, are keyed by target and outlive incidents and restarts (DESIGN §5.8).
 * `steady` never jumps, so no clock change can open a limit. Manual attempts are counted apart from automatic ones.
 */
export function mayStart(question: LimitQuestion, steady: number): Permission {
  const { attempts, policy, host, limits, manual } = question;
  if (question.running >= limits.maxConcurrent) return { ok: false, code: 'busy', until: undefined };
  const counted = attempts.filter((attempt) => attempt.manual === manual);
  const starts = counted.map((attempt) => attempt.started.steady);
  const recent = startsWithin(starts, HOUR_MS, steady);
  const last = starts.at(-1);
  if (question.failed && !manual && last !== undefined && steady - last < HOUR_MS) {
    return { ok: false, code: 'trial', until: last + HOUR_MS };
  }
  if (recent.length >= policy.maxAttemptsPerHour) {
    const oldest = recent[recent.length - policy.maxAttemptsPerHour];
    return { ok: false, code: 'exhausted', until: oldest === undefined ? undefined : oldest + HOUR_MS };
  }
  const spacing = counted.filter((attempt) => attempt.started.steady > (question.forgottenAt ?? -1)).at(-1);
  const since = spacing === undefined ? undefined : spacedFrom(spacing);
  if (since !== undefined && steady - since < policy.cooldownMs) {
    return { ok: false, code: 'cooldown', until: since + policy.cooldownMs };
  }
  if (!manual && host.breakerUntil !== undefined && steady < host.breakerUntil) {
    return { ok: false, code: 'breaker', until: host.breakerUntil };
  }
  return { ok: true };
}

/** The distance is from start to start; but after tries with pauses between them it is a pause as well, or it would be none. */
function spacedFrom({ started, ended, steps }: Attempt): number {
  return steps.length > 1 ? (ended ?? started).steady : started.steady;
}

export function startsWithin(starts: readonly number[], windowMs: number, steady: number): readonly number[] {
  return starts.filter((start) => steady - start < windowMs);
}

/** Counts one automatic attempt against the host; opens the breaker when there are too many in the window. */
export function countOnHost(host: HostState, limits: Plan['limits'], now: { at: number; steady: number }): HostState {
  const attempts = [...startsWithin(host.attempts, limits.hostWindowMs, now.steady), now.steady];
  const trips = attempts.length >= limits.hostAttempts;
  return trips
    ? { ...host, attempts, breakerUntil: now.steady + limits.breakerForMs, breakerAt: now.at, breakerTold: false }
    : { ...host, attempts };
}
