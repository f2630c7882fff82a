import type { Alert } from './state.ts';
import type { Turn } from './turn.ts';

/** Nobody is told anything of this target now: it is silenced, or held silently. */
export function isMuted(turn: Turn, scope: Alert['target']): boolean {
  const { maintenance, silences } = turn.state;
  return [...maintenance.filter((hold) => hold.silent), ...silences].some(
    (one) => (one.scope === 'all' || one.scope === scope) && turn.now.steady < one.until.steady,
  );
}

/** Into the outbox first: it is on disk before the queue is asked to take it. */
export function post(turn: Turn, alert: Omit<Alert, 'id'>): Alert {
  const numbered = withId(turn, alert);
  hand(turn, numbered);
  return numbered;
}

const OWED_KEPT = 200;

/** Posts it as soon as it is neither muted nor in trouble again: `payOwed` looks. */
export function owe(turn: Turn, alert: Omit<Alert, 'id'>): void {
  turn.state = { ...turn.state, owed: [...turn.state.owed, withId(turn, alert)].slice(-OWED_KEPT) };
}

/** What could not be told in a silence is told after it; of a target that is in trouble again, when that is over. */
export function payOwed(turn: Turn): void {
  const { owed, targets } = turn.state;
  const due = owed.filter(({ target }) => !isMuted(turn, target) && targets[target]?.incident === undefined);
  if (due.length === 0) return;
  turn.state = { ...turn.state, owed: owed.filter((alert) => !due.includes(alert)) };
  for (const alert of due) hand(turn, { ...alert, createdAt: turn.now.at });
}

function withId(turn: Turn, alert: Omit<Alert, 'id'>): Alert {
  const number = turn.state.lastAlert + 1;
  turn.state = { ...turn.state, lastAlert: number };
  // The time keeps it apart from alerts of a memory that was lost: the queue takes no id twice.
  return { id: `a${number}-${alert.createdAt.toString(36)}`, ...alert };
}

function hand(turn: Turn, alert: Alert): void {
  turn.state = { ...turn.state, outbox: [...turn.state.outbox, alert] };
  turn.effects.push({ type: 'alert', alert });
}
