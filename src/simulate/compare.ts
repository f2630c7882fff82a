import type { Owner } from '../core/owner.ts';
import type { Plan } from '../core/plan.ts';
import type { State } from '../core/state.ts';
import type { TargetId } from '../core/types.ts';
import type { Recorded } from './episode.ts';
import { type Tallies, tallyOfRecord, tallyOfRun } from './tally.ts';
import { runHost } from './virtual-host.ts';

export type Policy = { readonly name: string; readonly plan: Plan };

export type Question = {
  readonly recorded: readonly Recorded[];
  /** The present one first; another one may follow. */
  readonly policies: readonly Policy[];
  /** Wall times in ms. */
  readonly from: number;
  readonly to: number;
  readonly state: State;
  readonly owners: Readonly<Record<TargetId, Owner>>;
};

/** What was, and what each policy would have done, in the same order. */
export type Comparison = {
  readonly incidents: number;
  readonly soft: number;
  /** Targets of the record that are not in the config any more: nothing is said of them. */
  readonly left: readonly TargetId[];
  readonly columns: readonly ({ readonly name: string } & Tallies)[];
};

const ON_RECORD = 'on record';

/** What cannot be known is assumed, and said (docs/concepts.md, "What it would have done"). */
export const RULES: readonly string[] = [
  'A trouble that the nth attempt ended is ended by the nth attempt, whenever that comes. Without it, it lasts until the next trouble of that target.',
  'One that went away ends when it did, whatever is done: an attempt in it counts as harm.',
  'One that a person ended lasts until then.',
  'Holds, builds, boots and sleep of the host are not replayed, nor what changed its kind while it lasted.',
];

export function compare({ recorded, policies, from, to, state, owners }: Question): Comparison {
  const present = policies[0]?.plan;
  if (present === undefined) throw new Error('there is nothing to compare');
  const known = recorded.filter(({ episode }) => present.targets[episode.target] !== undefined);
  const left = recorded.flatMap(({ episode: { target } }) => (present.targets[target] === undefined ? [target] : []));
  const episodes = known.map(({ episode }) => episode);
  const ran = policies.map(({ name, plan }) => {
    return { name, ...tallyOfRun(runHost({ plan, episodes, from, to, state, owners }), plan) };
  });
  return {
    incidents: known.filter(({ incident }) => incident !== undefined).length,
    soft: known.filter(({ episode }) => episode.soft === true).length,
    left: [...new Set(left)],
    columns: [{ name: ON_RECORD, ...tallyOfRecord(known, present, to) }, ...ran],
  };
}
