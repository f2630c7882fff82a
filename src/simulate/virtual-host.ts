import type { Event } from '../core/events.ts';
import { judge } from '../core/judge.ts';
import type { Owner } from '../core/owner.ts';
import type { CheckPlan, Plan } from '../core/plan.ts';
import { isQuiet } from '../core/settle.ts';
import type { State, World } from '../core/state.ts';
import type { AuditNote, Effect, Turn } from '../core/turn.ts';
import type { AttemptId, TargetId } from '../core/types.ts';
import type { Episode } from './episode.ts';
import { endOfClass } from './last-words.ts';
import { createLife, type Life } from './life.ts';
import { createQueue } from './queue.ts';
import { createLooks } from './virtual-looks.ts';

export type HostOptions = {
  readonly plan: Plan;
  /** In any order; of targets that are not in the plan nothing is seen. */
  readonly episodes: readonly Episode[];
  /** Wall times in ms. */
  readonly from: number;
  readonly to: number;
  /** The memory of a daemon that has seen nothing yet. */
  readonly state: State;
  readonly owners: Readonly<Record<TargetId, Owner>>;
};

/** One automatic attempt. `episode`: the trouble that it began in; none where that was over already. */
export type Act = {
  readonly id: AttemptId;
  readonly target: TargetId;
  readonly at: number;
  readonly episode: Episode | undefined;
  /** It ended a living process although the budget of unclean ends was used up. */
  readonly isBeyondBudget: boolean;
};

export type Ran = {
  readonly acts: readonly Act[];
  readonly helped: ReadonlySet<AttemptId>;
  readonly alerts: Readonly<Record<TargetId, number>>;
  readonly exhausted: Readonly<Record<TargetId, number>>;
  readonly downMs: Readonly<Record<TargetId, number>>;
  readonly state: State;
  readonly events: number;
};

/** Before the record begins every target is seen to be well. */
const WARM_UP_MS = 900_000;
/** What is looked at oftener in life is looked at this often here, and at once whenever the judge asks for it. */
const RHYTHM_MS = 5_000;
/** The same of what is well again, until nothing of its trouble has to be remembered any more. */
const WELL_RHYTHM_MS = 10_000;
/** Where nothing new has come of a trouble for so long, it is looked at, and time passes, in larger steps. */
const LONG_MS = 600_000;
const LONG_RHYTHM_MS = 30_000;
const SURVEY_MS = 5;

/**
 * A host without processes and a clock without a host: it gives the judge looks as the episodes say, and takes its
 * effects. While nothing is going on it goes straight to the next trouble. Deterministic.
 */
export function runHost(options: HostOptions): Ran {
  const { plan, owners } = options;
  const queue = createQueue();
  const lives = new Map<TargetId, Life>();
  const awake = new Set<TargetId>();
  const acts: Act[] = [];
  const helped = new Set<AttemptId>();
  const alerts: Record<TargetId, number> = {};
  const exhausted: Record<TargetId, number> = {};
  const told = new Set<string>();
  let world: World = { state: options.state, latest: {} };
  let now = options.from - WARM_UP_MS;
  let [pids, events] = [100, 0];
  let [isTicking, notableAt] = [false, now];
  const places = Object.keys(plan.targets);
  const episodes = options.episodes
    .filter(({ target }) => places.includes(target))
    .toSorted((a, b) => a.from - b.from || places.indexOf(a.target) - places.indexOf(b.target));
  const looks = createLooks({
    plan,
    queue,
    lives,
    now: () => now,
    rhythmOf,
    isAwake: (target) => awake.has(target),
    isTracked: (target) => world.state.targets[target]?.tracked !== undefined,
    heard: (result) => send({ type: 'looked', result }),
  });

  function send(event: Event): void {
    events += 1;
    const before = world.state;
    const ruled = judge(world, event, plan, { at: now, steady: now });
    world = ruled.world;
    if (world.state.targets !== before.targets && ruled.effects.some(({ type }) => type !== 'look')) notableAt = now;
    for (const effect of ruled.effects) perform(effect);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'look':
        for (const id of effect.checks) looks.soon(id, now + effect.afterMs);
        return;
      case 'survey':
        return void queue.put(now + SURVEY_MS, () => survey(effect.target));
      case 'run':
        return run(effect);
      case 'alert': {
        const { id, target } = effect.alert;
        if (!told.has(id)) alerts[target] = (alerts[target] ?? 0) + 1;
        told.add(id);
        return void queue.put(now, () => send({ type: 'alert-queued', id }));
      }
      case 'audit':
        return note(effect.entry);
      case 'answer':
        return;
    }
  }

  function note({ event, target }: AuditNote): void {
    if (target === undefined) return;
    if (event === 'gave-up') exhausted[target] = (exhausted[target] ?? 0) + 1;
    const newest = event === 'attempt-helped' ? acts.findLast((act) => act.target === target) : undefined;
    if (newest !== undefined) helped.add(newest.id);
  }

  function survey(target: TargetId): void {
    const ended = endOfClass(lives.get(target)?.episode()?.class);
    send({ type: 'surveyed', target, found: [], ...(ended === undefined ? {} : { ended }) });
  }

  function run({ target, purpose }: Extract<Effect, { type: 'run' }>): void {
    const life = lives.get(target);
    if (life === undefined) return;
    if (purpose.kind !== 'attempt') {
      const outcome = { outcome: 'nothing', did: [] } as const;
      return void queue.put(now + 1, () => send({ type: 'stepped', target, purpose, outcome }));
    }
    const id = purpose.attempt;
    if (acts.at(-1)?.id !== id && !acts.some((act) => act.id === id))
      acts.push({ id, target, at: now, episode: life.episode(), isBeyondBudget: isBeyondBudget(target, life) });
    const { actMs, finish } = life.act(id);
    queue.put(now + actMs, () => send({ type: 'stepped', target, purpose, outcome: finish(now) }));
  }

  function isBeyondBudget(target: TargetId, life: Life): boolean {
    const policy = plan.targets[target]?.policy.uncleanEnds;
    const reason = life.episode()?.reason;
    if (policy === undefined || reason === 'gone' || reason === 'absent') return false;
    const ends = world.state.targets[target]?.uncleanEnds ?? [];
    return ends.filter(({ at }) => now - at < policy.windowMs).length >= policy.most;
  }

  function wake(target: TargetId): void {
    notableAt = now;
    awake.add(target);
    looks.begin(target);
    if (isTicking) return;
    isTicking = true;
    queue.put(now + 1_000, tick);
  }

  function isLong(): boolean {
    return now - notableAt > LONG_MS;
  }

  function rhythmOf({ everyMs, target }: CheckPlan): number {
    const isWell = lives.get(target)?.isWell(now) === true && now - notableAt > WELL_RHYTHM_MS;
    return Math.max(everyMs, isLong() ? LONG_RHYTHM_MS : isWell ? WELL_RHYTHM_MS : RHYTHM_MS);
  }

  /** Every second while something is new, more seldom after a while; and when the judge said that it waits until then. */
  function tick(): void {
    send({ type: 'ticked' });
    const turn: Turn = { state: world.state, latest: world.latest, plan, now: { at: now, steady: now }, effects: [] };
    const areWell = [...awake].every((target) => lives.get(target)?.isWell(now));
    const step = areWell ? WELL_RHYTHM_MS : isLong() ? LONG_RHYTHM_MS / 2 : RHYTHM_MS;
    let next = now + (now - notableAt < (areWell ? WELL_RHYTHM_MS : 120_000) ? 1_000 : step);
    for (const target of awake) {
      const until = world.state.targets[target]?.rulings[0]?.until;
      if (until !== undefined && until > now) next = Math.min(next, Math.ceil(until));
      if (lives.get(target)?.isWell(now) && isQuiet(turn, target)) awake.delete(target);
    }
    isTicking = awake.size > 0;
    if (isTicking) queue.put(next, tick);
  }

  function begin(episode: Episode): void {
    const life = lives.get(episode.target);
    if (life === undefined) return;
    life.fall(episode);
    const { to, ended } = episode;
    if (to !== undefined && ended.by !== 'attempt' && ended.by !== 'nobody')
      queue.put(to, () => life.getWell(episode, to));
    wake(episode.target);
  }

  for (const target of Object.values(plan.targets))
    lives.set(
      target.id,
      createLife(target, owners[target.id], () => pids++),
    );
  send({ type: 'booted', sinceBootMs: Number.MAX_SAFE_INTEGER });
  for (const target of Object.keys(plan.targets)) wake(target);
  let upcoming = 0;
  for (;;) {
    const episode = episodes[upcoming];
    const fallsAt = episode?.from ?? Number.POSITIVE_INFINITY;
    const at = Math.min(queue.nextAt(), fallsAt);
    if (at >= options.to) break;
    now = Math.max(now, at);
    if (episode !== undefined && fallsAt <= queue.nextAt()) {
      upcoming += 1;
      begin(episode);
    } else queue.next()?.run();
  }
  const downMs = Object.fromEntries([...lives].map(([id, life]) => [id, life.downMs(options.to)]));
  return { acts, helped, alerts, exhausted, downMs, state: world.state, events };
}
