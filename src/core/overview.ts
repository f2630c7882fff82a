import { type Children, childrenOf, dependentsOf } from './children.ts';
import { type Figures, figuresByTarget, figuresOf } from './figures-of-recovery.ts';
import { headlineOf } from './headline.ts';
import { hostRecoveryOf } from './host-recovery.ts';
import type { Plan } from './plan.ts';
import type { IncidentView, RecentView, Snapshot, TargetView } from './snapshot.ts';
import type { World } from './state.ts';
import type { Turn } from './turn.ts';
import type { Now, TargetId } from './types.ts';
import { viewIncident } from './view-incident.ts';
import { viewHolds, viewTarget } from './view-target.ts';

/** What the daemon knows of itself and of the host, beside the judge's world. */
export type Surroundings = Pick<Snapshot, 'host' | 'daemon' | 'found' | 'alerts' | 'everyMs' | 'seq' | 'vitals'>;

/** What only this life of the daemon knows: the newest results of each target, and what changed on the host. */
export type Memories = {
  readonly recent: (target: TargetId) => readonly RecentView[];
  /** Oldest first; `at` is wall time. */
  readonly changes: readonly { readonly at: number; readonly text: string }[];
};

const NO_MEMORIES: Memories = { recent: () => [], changes: [] };
const INCIDENTS_SHOWN = 50;
/** What changed longer before an incident is no clue any more. */
const CLUE_MS = 1_800_000;

/**
 * The one snapshot that every reader gets: nobody derives health a second time. Pure.
 * `surroundings.found` is shown and never judged.
 */
export function overview(
  world: World,
  plan: Plan,
  surroundings: Surroundings,
  now: Now,
  memories: Memories = NO_MEMORIES,
): Snapshot {
  // The judge's own questions (holds, gate) are asked on a turn of their own, so that people see what the judge sees.
  const turn: Turn = { state: world.state, latest: world.latest, plan, now, effects: [] };
  const children = childrenOf(plan);
  const figures = figuresByTarget(world.state.incidents);
  const targets = Object.keys(plan.targets).map((id) =>
    withFigures(withKin(viewTarget(turn, id), children, memories), figures),
  );
  const all = figuresOf(Object.values(world.state.incidents));
  const incidents = Object.values(world.state.incidents)
    .sort((a, b) => b.started.at - a.started.at || Number(b.id) - Number(a.id))
    .slice(0, INCIDENTS_SHOWN)
    .map((incident) => withClues(viewIncident(turn, incident), children, memories));
  return {
    schema: 1,
    writtenAt: now.at,
    ...surroundings,
    verdict: withRefusals(headlineOf(turn, targets, incidents), surroundings.daemon),
    recovery: { state: hostRecoveryOf(turn), ...(all === undefined ? {} : { figures: all }) },
    targets,
    incidents,
    holds: viewHolds(turn),
    silences: world.state.silences
      .filter((silence) => now.steady < silence.until.steady)
      .map((silence) => ({ scope: silence.scope, until: silence.until.at })),
  };
}

// Empty lists are left out: the files that carry this are written thousands of times a day.

function withKin(view: TargetView, kin: Children, { recent }: Memories): TargetView {
  const [children, newest] = [kin.get(view.id) ?? [], recent(view.id)];
  return { ...view, ...(children.length > 0 && { children }), ...(newest.length > 0 && { recent: newest }) };
}

function withFigures(view: TargetView, figures: ReadonlyMap<TargetId, Figures>): TargetView {
  const own = figures.get(view.id);
  return own === undefined ? view : { ...view, figures: own };
}

function withClues(view: IncidentView, kin: Children, { changes }: Memories): IncidentView {
  const affects = view.end === undefined ? dependentsOf(kin, view.target) : [];
  const changedBefore = changes.filter(({ at }) => at <= view.start && view.start - at <= CLUE_MS);
  return { ...view, ...(affects.length > 0 && { affects }), ...(changedBefore.length > 0 && { changedBefore }) };
}

/** What watches cannot be trusted to watch what it was told to: whoever reads only the top must learn it too. */
function withRefusals(
  verdict: Snapshot['verdict'],
  { configRefused, playbooksRefused }: Snapshot['daemon'],
): Snapshot['verdict'] {
  const refusals = [
    ...(configRefused === undefined ? [] : [`${configRefused}; the last good one is in force`]),
    ...(playbooksRefused === undefined ? [] : [playbooksRefused]),
  ];
  const watch = refusals.map((refusal) => `One thing to watch: ${refusal}.`);
  return { ...verdict, detail: [verdict.detail, ...watch].filter((part) => part !== '').join(' ') };
}
