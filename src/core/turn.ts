import type { Owner } from './owner.ts';
import type { Plan, Step, TargetPlan } from './plan.ts';
import type { Alert, CheckState, Incident, Ruling, State, TargetState, World } from './state.ts';
import type {
  AttemptId,
  CheckId,
  IncidentId,
  Now,
  Reason,
  Result,
  TargetId,
  TrackedProcess,
  Trouble,
} from './types.ts';
import { freshCheck } from './verdict.ts';

/** What the judge wants done. It is performed only after the state that explains it is on disk. */
export type Effect =
  | {
      readonly type: 'run';
      readonly target: TargetId;
      readonly purpose: Purpose;
      readonly step: Step;
      readonly reason: Reason;
      readonly tracked: TrackedProcess | undefined;
      readonly owner?: Owner | undefined;
      /** A person asked for it by hand. */
      readonly asked?: boolean;
    }
  | {
      readonly type: 'survey';
      readonly target: TargetId;
      readonly tracked?: TrackedProcess | undefined;
      readonly owner?: Owner | undefined;
      /** How long its log was when its process was last seen alive: what stands behind that are its last words. */
      readonly logBytes?: number | undefined;
    }
  | { readonly type: 'look'; readonly checks: readonly CheckId[]; readonly afterMs: number }
  | { readonly type: 'alert'; readonly alert: Alert }
  | { readonly type: 'audit'; readonly entry: AuditNote }
  | {
      readonly type: 'answer';
      readonly request: number;
      readonly answer: { ok: true; text: string } | { ok: false; trouble: Trouble };
    };

export type AuditNote = {
  readonly event: string;
  readonly target: TargetId | undefined;
  readonly incident: IncidentId | undefined;
  readonly text: string;
  readonly detail?: string;
  readonly by?: string;
};

/** What a step is run for: an attempt is limited, a bring-up has its own three tries, a report changes nothing. */
export type Purpose =
  | { readonly kind: 'attempt'; readonly attempt: AttemptId }
  | { readonly kind: 'bring-up' }
  | { readonly kind: 'inform' };

/**
 * One call of the judge while it is being worked out. It is mutable, local to that call and never leaves it:
 * what goes in and what comes out of `judge` are values.
 */
export type Turn = {
  state: State;
  latest: World['latest'];
  /** The daemon is about to end: nothing new is begun. */
  readonly stopping?: boolean;
  readonly plan: Plan;
  readonly now: Now;
  readonly effects: Effect[];
};

const RULINGS_KEPT = 20;

export function freshTarget(now: Now, bringUp: boolean): TargetState {
  return {
    belief: 'idle',
    since: now,
    hardStates: [],
    hardStateAt: now.steady,
    flappingSince: undefined,
    incident: undefined,
    attempts: [],
    forgottenAt: undefined,
    healthySince: undefined,
    tracked: undefined,
    starting: undefined,
    startTimesMs: [],
    shortLives: undefined,
    uncleanEnds: [],
    bringUp: { phase: bringUp ? 'pending' : 'done', tries: 0, at: now.steady },
    hostHolds: [],
    survey: undefined,
    refusedUnder: undefined,
    lastAlertAt: undefined,
    lastExit: undefined,
    rulings: [],
  };
}

export function targetOf(turn: Turn, id: TargetId): TargetState {
  return turn.state.targets[id] ?? freshTarget(turn.now, turn.plan.targets[id]?.bringUp ?? false);
}

export function checkOf(turn: Turn, id: CheckId): CheckState {
  return turn.state.checks[id] ?? freshCheck(turn.now);
}

export function planOf(turn: Turn, id: TargetId): TargetPlan {
  const plan = turn.plan.targets[id];
  if (plan === undefined) throw new Error(`target ${id} is not in the plan`);
  return plan;
}

const indexes = new WeakMap<Plan, ReadonlyMap<TargetId, readonly CheckId[]>>();

/** A target's checks in plan order. Indexed once per plan: a host with a thousand services asks this a lot. */
export function checksOf(plan: Plan, target: TargetId): readonly CheckId[] {
  let index = indexes.get(plan);
  if (index === undefined) {
    index = grouped(plan);
    indexes.set(plan, index);
  }
  return index.get(target) ?? [];
}

function grouped(plan: Plan): ReadonlyMap<TargetId, readonly CheckId[]> {
  const index = new Map<TargetId, CheckId[]>();
  for (const check of Object.values(plan.checks)) {
    const ids = index.get(check.target);
    if (ids === undefined) index.set(check.target, [check.id]);
    else ids.push(check.id);
  }
  return index;
}

/** Looks of this target's checks, in plan order; checks that have not looked yet are left out. */
export function looksOf(turn: Turn, target: TargetId): readonly Result[] {
  return checksOf(turn.plan, target).flatMap((id) => {
    const result = turn.latest[id];
    return result === undefined ? [] : [result];
  });
}

/** Replaces parts of a target; keeps the very object when nothing differs, so that nothing is saved for nothing. */
export function setTarget(turn: Turn, id: TargetId, patch: Partial<TargetState>): void {
  const before = turn.state.targets[id];
  const base = before ?? targetOf(turn, id);
  if (before !== undefined && differsNot(before, patch)) return;
  turn.state = { ...turn.state, targets: { ...turn.state.targets, [id]: { ...base, ...patch } } };
}

/** The process that is the service from now on; of one that is not known yet, the owner of the one before is expected. */
export function followProcess(turn: Turn, id: TargetId, process: TrackedProcess | undefined): void {
  setTarget(turn, id, { tracked: process, ...(process === undefined ? {} : { owner: process.owner }) });
}

export function setCheck(turn: Turn, id: CheckId, check: CheckState): void {
  if (turn.state.checks[id] === check) return;
  turn.state = { ...turn.state, checks: { ...turn.state.checks, [id]: check } };
}

export function incidentOf(turn: Turn, target: TargetId): Incident | undefined {
  const id = turn.state.targets[target]?.incident;
  return id === undefined ? undefined : turn.state.incidents[id];
}

export function setIncident(turn: Turn, id: IncidentId, patch: Partial<Incident>): void {
  const before = turn.state.incidents[id];
  if (before === undefined || differsNot(before, patch)) return;
  turn.state = { ...turn.state, incidents: { ...turn.state.incidents, [id]: { ...before, ...patch } } };
}

/** Says why something was or was not done. Repeating the same ruling is no news. */
export function rule(turn: Turn, id: TargetId, code: string, text: string, untilAt?: number): void {
  const { rulings } = targetOf(turn, id);
  const last = rulings[0];
  // The end of a wait is counted anew at every look and wavers by a millisecond: that alone is no news.
  const sameEnd = Math.abs((last?.until ?? 0) - (untilAt ?? 0)) < 2_000;
  if (last !== undefined && last.code === code && last.text === text && sameEnd) return;
  const ruling: Ruling =
    untilAt === undefined ? { at: turn.now.at, code, text } : { at: turn.now.at, code, text, until: untilAt };
  setTarget(turn, id, { rulings: [ruling, ...rulings].slice(0, RULINGS_KEPT) });
}

/** Wall time of a steady moment, for people: it follows the wall clock when that is set anew. */
export function wallOf(now: Now, steady: number): number {
  return now.at + (steady - now.steady);
}

export function audit(turn: Turn, note: AuditNote): void {
  turn.effects.push({ type: 'audit', entry: note });
}

function differsNot<T extends object>(before: T, patch: Partial<T>): boolean {
  return (Object.keys(patch) as (keyof T)[]).every((key) => Object.is(before[key], patch[key]));
}
