import type { Plan } from './core/plan.ts';
import { type PastStatus, pastKey, rememberedOf } from './core/remembered.ts';
import type { State, World } from './core/state.ts';
import type { Turn } from './core/turn.ts';
import type { Now, TargetId } from './core/types.ts';
import type { History } from './store/history.ts';

export type BeliefLogOptions = {
  readonly append: History['append'];
  readonly world: () => World;
  readonly plan: () => Plan;
};

const BEAT_MS = 60_000;
/** A point stands for three minutes: what is still open is told all the same before there would be a gap. */
const OPEN_MS = 120_000;

/**
 * Keeps the past of every target: each change of what is believed, with the moment at which the trouble began, and once
 * a minute that it is still so. It is what the bars and the uptime of the page are made of.
 */
export function createBeliefLog({ append, world, plan }: BeliefLogOptions) {
  const last = new Map<TargetId, { readonly status: PastStatus; readonly at: number }>();
  let seen: State | undefined;
  let beatAt = Number.NEGATIVE_INFINITY;

  /** To be called after every change of the state: costs little where most targets stayed as they were. */
  function changed(now: Now): void {
    const before = seen;
    const turn = turnOf(now);
    const all = before?.maintenance !== turn.state.maintenance;
    for (const target of Object.keys(turn.plan.targets))
      if (all || before?.targets[target] !== turn.state.targets[target]) note(turn, target, false);
  }

  /** To be called every second. */
  function tick(now: Now): void {
    if (now.steady - beatAt < BEAT_MS) return;
    beatAt = now.steady;
    const turn = turnOf(now);
    for (const target of Object.keys(turn.plan.targets)) note(turn, target, true);
  }

  function turnOf(now: Now): Turn {
    const { state, latest } = world();
    seen = state;
    return { state, latest, plan: plan(), now, effects: [] };
  }

  function note(turn: Turn, target: TargetId, isBeat: boolean): void {
    const remembered = rememberedOf(turn, target);
    const before = last.get(target);
    // Nothing to look at yet: there is no news in that.
    if (remembered === undefined || (before === undefined && remembered.status === 'idle')) return;
    const { status, since } = remembered;
    const isChange = before?.status !== status;
    // A failed look may turn out to be the begin of a trouble, and that begin must not be told to have been well.
    const waits = remembered.isOpen && before !== undefined && turn.now.at - before.at < OPEN_MS;
    if (!isChange && (!isBeat || waits)) return;
    // Before the last point nothing is changed any more, and before the first one nobody was looking.
    // Nor is anything in the future, where the last point is when the clock was set back.
    const began = isChange && before !== undefined ? Math.max(since ?? turn.now.at, before.at) : turn.now.at;
    const at = Math.min(began, turn.now.at);
    last.set(target, { status, at });
    append({ check: pastKey(target), at, status });
  }

  /** The daemon ends: from here on nothing is known. */
  function end(at: number): void {
    for (const target of last.keys()) append({ check: pastKey(target), at, status: 'idle' });
  }

  return { changed, tick, end };
}
