import { isSeenWell } from './health.ts';
import { patchAttempt, runningAttempt } from './running.ts';
import type { Attempt } from './state.ts';
import type { StepResult } from './step-result.ts';
import { setIncident, type Turn } from './turn.ts';
import type { AttemptId, Result } from './types.ts';

/** What an incident remembers of an attempt that has ended, for as long as it is kept. Durations in ms. */
export type IncidentAttempt = {
  readonly id: AttemptId;
  readonly manual: boolean;
  /** Wall time. */
  readonly started: number;
  readonly tookMs: number;
  /** From its start until its last action returned, and how long that action alone took. */
  readonly actedMs: number;
  readonly actMs: number;
  /** Tries of steps, and what became of the action of the last one. */
  readonly acts: number;
  readonly result: StepResult['result'];
  readonly outcome: NonNullable<Attempt['outcome']>;
  readonly needless?: true;
};

const KEPT = 50;

/** The attempt has ended: its incident remembers it when the target has long forgotten it. */
export function rememberAttempt(turn: Turn, attempt: Attempt, outcome: NonNullable<Attempt['outcome']>): void {
  const { id, incident, manual, started, steps, needless } = attempt;
  const before = incident === undefined ? undefined : turn.state.incidents[incident];
  if (before === undefined) return;
  const last = steps.at(-1);
  const tookMs = turn.now.steady - started.steady;
  const actedAt = (last?.ended ?? turn.now).steady;
  const one: IncidentAttempt = {
    id,
    manual,
    started: started.at,
    tookMs,
    actedMs: actedAt - started.steady,
    actMs: actedAt - (last?.started ?? started).steady,
    acts: steps.length,
    result: last?.result,
    outcome,
    ...(needless === true ? { needless } : {}),
  };
  setIncident(turn, before.id, { attempts: [...(before.attempts ?? []), one].slice(-KEPT) });
}

/**
 * A look that was begun before the attempt, and heard of only while its first action was at work: nothing that was done
 * can have caused what it saw. Where all is well by it, there was nothing to recover.
 */
export function noticeNeedless(turn: Turn, look: Result): void {
  const attempt = runningAttempt(turn, look.target);
  if (attempt === undefined || attempt.phase !== 'acting' || attempt.steps.length > 1) return;
  if (look.status !== 'ok' || look.steady > attempt.started.steady) return;
  if (isSeenWell(turn, look.target)) patchAttempt(turn, look.target, { needless: true });
}
