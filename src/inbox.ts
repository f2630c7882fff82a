import type { Event } from './core/events.ts';
import { judge } from './core/judge.ts';
import type { Plan } from './core/plan.ts';
import type { State, World } from './core/state.ts';
import type { Effect } from './core/turn.ts';
import type { Now } from './core/types.ts';

export type Inbox = {
  /** Hands an event to the judge. Events are judged one at a time, in the order in which they came. */
  push(event: Event): void;
  world(): World;
  /** Resolves when everything pushed so far has been judged, saved and handed on. */
  settled(): Promise<void>;
};

export type InboxOptions = {
  readonly world: World;
  readonly plan: () => Plan;
  readonly now: () => Now;
  /** Makes a state durable. When it rejects, effects are still handed on, with `saved: false`. */
  readonly save: (state: State) => Promise<void>;
  readonly perform: (effects: readonly Effect[], saved: boolean) => void;
  /** Asked right before an event is judged: one that has lost its meaning while it waited is dropped. */
  readonly isOld: (event: Event) => boolean;
  /** Told after each round whether something that must be remembered changed. */
  readonly onChange: (stateChanged: boolean) => void;
  /** The judge broke its promise to be total; the event is dropped and told. */
  readonly onFault: (error: unknown, event: Event) => void;
};

/**
 * The serial heart: judge, save, perform. What is asked for is performed only after the state that explains it is on
 * disk, so a crash between the two leaves an intent without a deed and never a deed without an intent. Events that
 * arrive while a save is under way are judged together after it: a slow disk delays acting, not looking.
 */
export function createInbox(options: InboxOptions): Inbox {
  let world = options.world;
  let waiting: Event[] = [];
  let busy = false;
  /** The disk does not have the newest state: it is tried again with every round, also when nothing else changes. */
  let unsaved = false;
  let working: Promise<void> = Promise.resolve();

  function push(event: Event): void {
    waiting.push(event);
    if (!busy) working = work();
  }

  // Runs to its end without a pause when nothing has to be saved; `busy` keeps what `perform` pushes in the one loop.
  async function work(): Promise<void> {
    busy = true;
    try {
      while (waiting.length > 0) {
        const events = waiting;
        waiting = [];
        const before = world.state;
        const effects = events.flatMap(judged);
        const changed = world.state !== before;
        const saved = changed || unsaved ? await trySave() : true;
        unsaved = !saved;
        options.perform(effects, saved);
        options.onChange(changed);
      }
    } finally {
      busy = false;
    }
  }

  function judged(event: Event): readonly Effect[] {
    if (options.isOld(event)) return [];
    try {
      const ruling = judge(world, event, options.plan(), options.now());
      world = ruling.world;
      return ruling.effects;
    } catch (error) {
      options.onFault(error, event);
      return [];
    }
  }

  async function trySave(): Promise<boolean> {
    try {
      await options.save(world.state);
      return true;
    } catch {
      return false;
    }
  }

  async function settled(): Promise<void> {
    while (busy) await working;
  }

  return { push, world: () => world, settled };
}
