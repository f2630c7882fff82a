import { checkOf, checksOf, incidentOf, planOf, type Turn } from './turn.ts';
import type { CheckId, Reason, Result, Status, TargetId } from './types.ts';
import { isBad, worse } from './verdict.ts';

/** A target is as bad as its worst check. */
export function beliefOf(turn: Turn, target: TargetId): Status {
  return checksOf(turn.plan, target).reduce<Status>((worst, id) => worse(worst, checkOf(turn, id).belief), 'idle');
}

/** The reason that decides: of the worst checks, the first with definite evidence, else the first. */
export function reasonOf(turn: Turn, target: TargetId): Reason {
  const belief = beliefOf(turn, target);
  const worst = checksOf(turn.plan, target)
    .map((id) => checkOf(turn, id))
    .filter((check) => check.belief === belief);
  return (worst.find((check) => check.evidence === 'definite') ?? worst[0])?.reason ?? 'nothing-to-look-at';
}

/** When the trouble began: the earliest moment among the bad checks. */
export function badSince(turn: Turn, target: TargetId): { at: number; steady: number } {
  const bad = checksOf(turn.plan, target)
    .map((id) => checkOf(turn, id))
    .filter((check) => isBad(check.belief) || check.belief === 'unknown');
  return bad.map((check) => check.since).sort((a, b) => a.steady - b.steady)[0] ?? turn.now;
}

/**
 * Is the target well by looks begun at `since` or later? Only such looks verify an act: what was seen before it says
 * nothing about it. At least one look must be good, none bad, and every belief already well. For a resource nothing left
 * to look at is well too: a log that was rotated is gone.
 */
export function wellSince(turn: Turn, target: TargetId, since: number): boolean {
  const looks = looksSince(turn, target, since);
  if (looks.length < checksOf(turn.plan, target).length) return false;
  return isWell(turn, target) && isGood(turn, target, looks);
}

/** Every belief is well, and there is something to believe; a resource may have nothing to look at. */
export function isWell(turn: Turn, target: TargetId): boolean {
  const believed = beliefOf(turn, target);
  return believed === 'ok' || (believed === 'idle' && planOf(turn, target).kind !== 'service');
}

function isGood(turn: Turn, target: TargetId, looks: readonly Result[]): boolean {
  return (
    looks.every((look) => look.status === 'ok' || look.status === 'idle') &&
    (planOf(turn, target).kind !== 'service' || looks.some((look) => look.status === 'ok'))
  );
}

/**
 * Is the trouble that is believed also what the newest look of a check that decides saw? A belief outlives restarts of
 * the daemon and wants two good looks to change: nothing may be ended on it that has answered since. `long-ago`: the
 * look is so old that somebody may have mended it.
 */
export function isSeen(turn: Turn, target: TargetId): 'now' | 'long-ago' | 'no' {
  const belief = beliefOf(turn, target);
  const reason = reasonOf(turn, target);
  const looks = checksOf(turn.plan, target).flatMap((id) => {
    const check = checkOf(turn, id);
    const look = turn.latest[id];
    if (check.belief !== belief || check.reason !== reason || look === undefined) return [];
    return (isBad(look.status) && look.reason === reason) || look.clear === false ? [look] : [];
  });
  if (looks.length === 0) return 'no';
  return looks.some((look) => isFresh(turn, look)) ? 'now' : 'long-ago';
}

/** Longer than a service's usual rhythm; what is looked at more seldom is looked at once more before it is acted upon. */
const FRESH_MS = 15_000;

export function isFresh(turn: Turn, look: Result): boolean {
  return turn.now.steady - look.steady - look.tookMs < FRESH_MS;
}

/** Every check has looked, and none of them sees a trouble, be it one that is not confirmed yet. */
export function isSeenWell(turn: Turn, target: TargetId): boolean {
  return checksOf(turn.plan, target).every((id) => {
    const look = turn.latest[id];
    return look !== undefined && !isBad(look.status);
  });
}

/** Believed well, seen well by every check, and no trouble is open: there is nothing to recover. */
export function isWorking(turn: Turn, target: TargetId): boolean {
  return incidentOf(turn, target) === undefined && beliefOf(turn, target) === 'ok' && isSeenWell(turn, target);
}

/** Nothing good was seen since of what is believed bad. Weaker than `isSeen`: a trouble out of sight is still told. */
export function isNotWellNow(turn: Turn, target: TargetId): boolean {
  return checksOf(turn.plan, target).some((id) => {
    const { belief } = checkOf(turn, id);
    const look = turn.latest[id];
    if (look === undefined || !(isBad(belief) || belief === 'unknown')) return false;
    return isBad(look.status) || look.status === 'unknown' || look.clear === false;
  });
}

export function looksSince(turn: Turn, target: TargetId, since: number): readonly Result[] {
  return checksOf(turn.plan, target).flatMap((id) => {
    const look = turn.latest[id];
    return look !== undefined && look.steady >= since ? [look] : [];
  });
}

/**
 * No process of it is found, and yet it is not certain that nothing is there: another check answered, timed out, or could
 * not look. `isSeen`: it was certainly there by the newest looks. Starting it would make a second one.
 */
export function mayBeThere(turn: Turn, target: TargetId): { readonly isSeen: boolean } | undefined {
  const ids = checksOf(turn.plan, target);
  const reasonNow = (id: CheckId): Reason => turn.latest[id]?.reason ?? checkOf(turn, id).reason;
  if (ids.some((id) => reasonNow(id) === 'unmatched')) return { isSeen: true };
  if (!ids.some((id) => reasonNow(id) === 'absent')) return undefined;
  const isCertain = ids.every((id) => {
    const { belief, reason } = checkOf(turn, id);
    if (isBad(belief) && isNobodyBehind(turn.latest[id])) return true;
    return (
      reasonNow(id) === 'absent' || reasonNow(id) === 'nothing-to-look-at' || (isBad(belief) && reason === 'refused')
    );
  });
  return isCertain ? undefined : { isSeen: false };
}

/** A proxy answers in place of a service that is not there (RFC 9110, 502 and 504): an answer, and not one of the service. */
export function isNobodyBehind(look: Result | undefined): boolean {
  const status = look?.metrics['status'];
  return look?.reason === 'failing' && (status === 502 || status === 504);
}

/** Nothing of the service is there: no process, and nothing accepts connections. Only then may it simply be started. */
export function isDown(looks: readonly Result[]): boolean {
  const absent: readonly Reason[] = ['gone', 'absent', 'refused', 'nothing-to-look-at'];
  return (
    looks.length > 0 && looks.every((look) => absent.includes(look.reason)) && looks.some((look) => isBad(look.status))
  );
}
