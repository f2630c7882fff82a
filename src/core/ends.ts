import { sameProcess } from './command-line.ts';
import { checksOf, planOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { ProcessIdentity, Reason, Result, TargetId } from './types.ts';
import { forcedUntil, patienceUntil, withEnd } from './unclean-ends.ts';

/** Exit status of a refused configuration (sysexits(3) EX_CONFIG): looping on it is harm. */
export const REFUSED_CONFIG_EXIT = 78;

const UNSEEN: ProcessIdentity = { pid: 0, startToken: '' };

/** The process that was the service has ended, whoever caused it; one that ended at once after its start was never seen. */
export function countEnd(turn: Turn, target: TargetId, process: ProcessIdentity = UNSEEN): void {
  if (planOf(turn, target).policy.uncleanEnds === undefined) return;
  const { pid, startToken } = process;
  const { forgiven, uncleanEnds: before } = targetOf(turn, target);
  if (forgiven !== undefined && sameProcess(forgiven, process)) return;
  const uncleanEnds = withEnd(before, { pid, startToken, at: turn.now.steady });
  setTarget(turn, target, { uncleanEnds });
}

/** An act has put this process in the place of the one before, which was alive: so it ended that one. */
export function countReplaced(turn: Turn, target: TargetId, now: ProcessIdentity | undefined): void {
  const { tracked } = targetOf(turn, target);
  if (tracked === undefined || !isSeenAlive(turn, target)) return;
  if (now === undefined || !sameProcess(tracked, now)) countEnd(turn, target, tracked);
}

/** A look saw its process gone. What ended before this daemon lived, and how, is not known: that is not counted. */
export function countLost(turn: Turn, result: Result): void {
  const before = turn.latest[result.check];
  // Seen again and again while it is gone: an end that was forgiven stays forgiven.
  if (before === undefined || before.reason === 'gone') return;
  if (result.reason !== 'gone' || result.evidence !== 'definite') return;
  const { tracked } = targetOf(turn, result.target);
  if (tracked !== undefined && !isOfAnother(result, tracked)) countEnd(turn, result.target, tracked);
}

/**
 * The look was begun when another was the service, or none was known: it proves nothing of this one. A start under load
 * takes long enough for a look to be on its way across it.
 */
export function isOfAnother({ begunWith }: Result, tracked: ProcessIdentity): boolean {
  return begunWith !== undefined && (begunWith === 'nobody' || !sameProcess(begunWith, tracked));
}

/** The end of this process turns out to have been wished: a person stopped it, or an update did. */
export function forgiveEnd(turn: Turn, target: TargetId): void {
  const { uncleanEnds, tracked } = targetOf(turn, target);
  if (tracked === undefined) return;
  const { pid, startToken } = tracked;
  const kept = uncleanEnds.filter((end) => !sameProcess(end, tracked));
  if (kept.length < uncleanEnds.length) setTarget(turn, target, { uncleanEnds: kept, forgiven: { pid, startToken } });
}

/** Until when (steady) it must be left in peace, because a further end or start could do more harm than it mends. */
export function patienceOf(turn: Turn, target: TargetId, reason: Reason): number | undefined {
  const policy = planOf(turn, target).policy.uncleanEnds;
  if (policy === undefined) return undefined;
  const { uncleanEnds, attempts } = targetOf(turn, target);
  const ending = endsIt(turn, target, reason);
  const patience = patienceUntil(uncleanEnds, policy, ending, turn.now.steady);
  const forced = attempts.filter((attempt) => attempt.reason === 'silent').map((attempt) => attempt.started.steady);
  const unforced = ending && reason === 'silent' ? forcedUntil(forced, turn.now.steady) : undefined;
  return patience === undefined ? unforced : Math.max(patience, unforced ?? 0);
}

/** Whether acting on this would end a process that lives. */
function endsIt(turn: Turn, target: TargetId, reason: Reason): boolean {
  return isSeenAlive(turn, target) || (reason !== 'gone' && reason !== 'absent');
}

/** By the last look at its process. */
function isSeenAlive(turn: Turn, target: TargetId): boolean {
  return checksOf(turn.plan, target).some(
    (id) => turn.plan.checks[id]?.name === 'process' && turn.latest[id]?.process !== undefined,
  );
}
