import { restartedUntil } from './lives.ts';
import type { BringUp, HostHold, Maintenance } from './state.ts';
import { checkOf, checksOf, incidentOf, planOf, type Turn, targetOf, wallOf } from './turn.ts';
import type { TargetId } from './types.ts';

/** A reason, with an end, not to act now. It gates recovery, never looking. `until` is steady time. */
export type Hold = {
  readonly kind:
    | 'maintenance'
    | 'quiet'
    | 'work'
    | 'owner'
    | 'parent'
    | 'person'
    | 'starting'
    | 'restarted'
    | 'stopped-incident';
  readonly text: string;
  readonly until: number | undefined;
  /** A person may pass it by force: it was asked for by a person, and is no work under way. */
  readonly byForce?: boolean;
};

/** Every hold in force on a target now, strongest first. Holds end by themselves: past ones are simply not in the list. */
export function holdsOf(turn: Turn, target: TargetId): readonly Hold[] {
  const { now, state } = turn;
  const holds: Hold[] = [];
  const maintenance = maintenanceOf(turn, target);
  if (maintenance !== undefined) {
    holds.push({
      kind: 'maintenance',
      text: `maintenance: ${maintenance.reason} (${maintenance.by})`,
      until: maintenance.until.steady,
      byForce: true,
    });
  }
  const incident = incidentOf(turn, target);
  if (incident?.stopped !== undefined) {
    holds.push({ kind: 'stopped-incident', text: 'a person stopped the recovery of this incident', until: undefined });
  }
  if (state.host.quietUntil !== undefined && now.steady < state.host.quietUntil) {
    holds.push({
      kind: 'quiet',
      text: state.host.quietBecause ?? 'the host is settling',
      until: state.host.quietUntil,
    });
  }
  for (const hold of targetOf(turn, target).hostHolds) if (now.steady < hold.cap) holds.push(hostHold(hold));
  const starting = startingHold(turn, target);
  if (starting !== undefined) holds.push(starting);
  const person = terminalHold(turn, target);
  if (person !== undefined) holds.push(person);
  const parent = parentHold(turn, target);
  if (parent !== undefined) holds.push(parent);
  return holds;
}

function hostHold(hold: HostHold): Hold {
  const { kind, text } = hold;
  // It is quoted in the middle of a sentence.
  return {
    kind: HOST_HOLDS[kind],
    text: text.replace(/\.$/, ''),
    until: endOf(hold),
    byForce: kind === 'maintenance-file',
  };
}

const HOST_HOLDS: Readonly<Record<HostHold['kind'], Hold['kind']>> = {
  work: 'work',
  'maintenance-file': 'work',
  'stopped-by-person': 'person',
  owner: 'owner',
};

/** What a person has stopped is left so until a person starts it: its cap is only how long one survey is believed. */
function endOf({ kind, cap }: HostHold): number | undefined {
  return kind === 'stopped-by-person' ? undefined : cap;
}

/** Work that goes on for longer than work may is no reason to wait any more, and people are told. */
export function isWorkOverdue(turn: Turn, target: TargetId): boolean {
  return targetOf(turn, target).hostHolds.some((hold) => !isOfOwner(hold) && turn.now.steady >= hold.cap);
}

/** What its owner said: true for as long as it said, and then it is asked again. */
export function isOfOwner({ kind }: HostHold): boolean {
  return kind === 'owner' || kind === 'stopped-by-person';
}

/** A process that sat on a person's terminal and is gone was probably ended by that person: wait before starting it again. */
function terminalHold(turn: Turn, target: TargetId): Hold | undefined {
  if (targetOf(turn, target).tracked?.hadTerminal !== true) return undefined;
  const goneSince = firstGone(turn, target);
  if (goneSince === undefined) return undefined;
  const until = goneSince + turn.plan.holds.terminalMs;
  if (turn.now.steady >= until) return undefined;
  return { kind: 'person', text: 'it ran on a terminal and was probably ended by a person', until };
}

/** The first of the looks that did not see its process; one that is not confirmed yet is enough to hold. */
function firstGone(turn: Turn, target: TargetId): number | undefined {
  for (const id of checksOf(turn.plan, target)) {
    const { belief, reason, since, badSince } = checkOf(turn, id);
    if (belief === 'critical' && reason === 'gone') return since.steady;
    const look = turn.latest[id];
    if (look?.reason === 'gone') return badSince?.steady ?? look.steady;
  }
  return undefined;
}

/** What a person or another program has started is left to start; a recovery of our own waits for its proof by itself. */
function startingHold(turn: Turn, target: TargetId): Hold | undefined {
  const { starting, attempts, bringUp } = targetOf(turn, target);
  const restarted = restartedUntil(turn, target);
  const until = restarted ?? starting?.until;
  if (until === undefined || turn.now.steady >= until) return undefined;
  const ours = attempts.at(-1)?.phase ?? 'ended';
  // Between two tries of ours a start is somebody else's.
  if ((ours !== 'ended' && ours !== 'waiting') || isBringingUp(bringUp)) return undefined;
  const gone = checksOf(turn.plan, target).some((id) => {
    const { belief, reason } = checkOf(turn, id);
    return belief === 'critical' && (reason === 'gone' || reason === 'absent');
  });
  if (gone) return undefined;
  if (restarted === undefined) return { kind: 'starting', text: 'it is starting', until };
  return { kind: 'restarted', text: 'something else starts it again and again, and two would fight', until };
}

export function isBringingUp(bringUp: BringUp): boolean {
  return bringUp.phase !== 'done' && bringUp.phase !== 'gave-up';
}

export function maintenanceOf(turn: Turn, target: TargetId): Maintenance | undefined {
  return turn.state.maintenance.find(
    (hold) => (hold.scope === 'all' || hold.scope === target) && turn.now.steady < hold.until.steady,
  );
}

/** Parents first, but not for ever: a parent that failed does not hold its children all night. */
function parentHold(turn: Turn, target: TargetId): Hold | undefined {
  const { parentMs } = turn.plan.holds;
  for (const parent of planOf(turn, target).parents) {
    const bringUp = turn.state.targets[parent]?.bringUp;
    if (bringUp !== undefined && isBringingUp(bringUp) && turn.now.steady < bringUp.at + parentMs)
      return { kind: 'parent', text: `${parent} comes first`, until: bringUp.at + parentMs };
    const incident = incidentOf(turn, parent);
    if (incident === undefined || incident.severity !== 'critical' || incident.phase === 'failed') continue;
    const until = incident.detected.steady + parentMs;
    if (turn.now.steady < until) return { kind: 'parent', text: `${parent} is recovering first`, until };
  }
  return undefined;
}

/** A parent whose looks fail and whose verdict is still open, for as long as a recovering parent would hold its children. */
export function doubtfulParent(turn: Turn, target: TargetId): TargetId | undefined {
  return planOf(turn, target).parents.find((parent) =>
    checksOf(turn.plan, parent).some((id) => {
      const { belief, strikes, badSince } = checkOf(turn, id);
      const isOpen = strikes > 0 && badSince !== undefined && (belief === 'ok' || belief === 'idle');
      return isOpen && turn.now.steady < badSince.steady + turn.plan.holds.parentMs;
    }),
  );
}

/** The nearest ancestor that is down: while it is, this target raises no alert of its own. */
export function downParent(turn: Turn, target: TargetId, seen: readonly TargetId[] = []): TargetId | undefined {
  for (const parent of turn.plan.targets[target]?.parents ?? []) {
    if (seen.includes(parent)) continue;
    if (incidentOf(turn, parent)?.severity === 'critical') return parent;
    const above = downParent(turn, parent, [...seen, parent]);
    if (above !== undefined) return above;
  }
  return undefined;
}

/** Holds under which looks count and people are told: of recovery only. */
const TOLD: readonly Hold['kind'][] = ['stopped-incident', 'restarted', 'owner'];

export function isOnlyOfRecovery(hold: Hold): boolean {
  return TOLD.includes(hold.kind);
}

/** Suspect looks leave no strike while any of these is so; definite evidence always counts. */
export function countsStrikes(turn: Turn, target: TargetId): boolean {
  const { starting, bringUp } = targetOf(turn, target);
  // A start that is made again and again is no start any more: without this a crash loop would be starting for ever.
  if (starting !== undefined && restartedUntil(turn, target) === undefined) return false;
  if (isBringingUp(bringUp)) return false;
  return holdsOf(turn, target).every(isOnlyOfRecovery);
}

/** Looks ahead for people: "until 15:30", or nothing when no time is known. */
export function untilAt(turn: Turn, hold: Hold): number | undefined {
  return hold.until === undefined ? undefined : wallOf(turn.now, hold.until);
}
