import { isRefusal } from './ended.ts';
import { forgiveEnd } from './ends.ts';
import type { EndUnderOwner, Event, FoundHold } from './events.ts';
import { refuseAsTold } from './refused.ts';
import { settle } from './settle.ts';
import type { HostHold } from './state.ts';
import { endOf, exitWithin } from './trouble.ts';
import { incidentOf, setTarget, type Turn, targetOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** The host was asked whether something forbids acting on a target now. */
export function surveyed(turn: Turn, event: Extract<Event, { type: 'surveyed' }>): void {
  if (turn.plan.targets[event.target] === undefined) return;
  const { hostHolds, survey } = targetOf(turn, event.target);
  const found = event.found.map((one) => holdFrom(turn, one, hostHolds));
  const same = found.length === hostHolds.length && found.every((one, index) => one === hostHolds[index]);
  const answered = { askedAt: survey?.askedAt ?? turn.now, answeredAt: turn.now };
  const { fullDisk } = event;
  setTarget(turn, event.target, { hostHolds: same ? hostHolds : found, survey: answered, fullDisk });
  // An owner that restarts it says nothing of why it ended, nor does a build beside it or what could not be seen.
  if (event.found.some(({ kind, isWish }) => kind === 'stopped-by-person' || kind === 'maintenance-file' || isWish))
    forgiveEnd(turn, event.target);
  if (event.ended !== undefined) endedUnderOwner(turn, event.target, event.ended);
  settle(turn, event.target);
}

function holdFrom(turn: Turn, one: FoundHold, before: readonly HostHold[]): HostHold {
  const known = before.find((hold) => hold.kind === one.kind && hold.text === one.text);
  if (one.forMs !== undefined) {
    // What an owner says again keeps its end, but for a moment that its clock and ours differ by.
    const cap = turn.now.steady + one.forMs;
    if (known !== undefined && Math.abs(known.cap - cap) < Math.max(1_000, one.forMs / 2)) return known;
    return { kind: one.kind, text: one.text, since: known?.since ?? turn.now, cap };
  }
  // The same work seen again keeps its first moment, so that its cap is reached.
  if (known !== undefined) return known;
  // Work that follows work without a pause is one row: a build that starts a program a second reaches its cap too.
  const row = before.find((hold) => hold.kind === one.kind);
  return {
    kind: one.kind,
    text: one.text,
    since: row?.since ?? turn.now,
    cap: row?.cap ?? turn.now.steady + turn.plan.holds.workMs,
  };
}

/** A refused configuration that an owner tells of is as good as one that was seen: never looped on. */
function endedUnderOwner(turn: Turn, target: TargetId, ended: EndUnderOwner): void {
  const isVague = ended.exitCode === undefined && ended.signal === undefined;
  if (isVague && endOf(turn, target) !== undefined) return;
  if (!isKnown(turn, target, ended)) setTarget(turn, target, { lastExit: { at: turn.now, ...ended } });
  if (isRefusal(ended)) refuseAsTold(turn, target);
}

/** The same end, told again in the same trouble: its first moment is kept. */
function isKnown(turn: Turn, target: TargetId, { exitCode, signal, lastLines }: EndUnderOwner): boolean {
  const lastExit = exitWithin(turn, target, incidentOf(turn, target)?.started ?? { steady: 0 });
  if (lastExit === undefined || lastExit.exitCode !== exitCode || lastExit.signal !== signal) return false;
  return lastLines.length === 0 || lastLines.join('\n') === lastExit.lastLines.join('\n');
}
