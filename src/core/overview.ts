import { headlineOf } from './headline.ts';
import type { Plan } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import type { World } from './state.ts';
import type { Turn } from './turn.ts';
import type { Now } from './types.ts';
import { viewIncident } from './view-incident.ts';
import { viewHolds, viewTarget } from './view-target.ts';

/** What the daemon knows of itself and of the host, beside the judge's world. */
export type Surroundings = Pick<Snapshot, 'host' | 'daemon' | 'found' | 'alerts' | 'everyMs' | 'seq'>;

const INCIDENTS_SHOWN = 50;

/**
 * The one snapshot that every reader gets: nobody derives health a second time. Pure.
 * `surroundings.found` is shown and never judged.
 */
export function overview(world: World, plan: Plan, surroundings: Surroundings, now: Now): Snapshot {
  // The judge's own questions (holds, gate) are asked on a turn of their own, so that people see what the judge sees.
  const turn: Turn = { state: world.state, latest: world.latest, plan, now, effects: [] };
  const targets = Object.keys(plan.targets).map((id) => viewTarget(turn, id));
  const incidents = Object.values(world.state.incidents)
    .sort((a, b) => b.started.at - a.started.at || Number(b.id) - Number(a.id))
    .slice(0, INCIDENTS_SHOWN)
    .map((incident) => viewIncident(turn, incident));
  return {
    schema: 1,
    writtenAt: now.at,
    ...surroundings,
    verdict: withRefusal(headlineOf(turn, targets, incidents), surroundings.daemon.configRefused),
    targets,
    incidents,
    holds: viewHolds(turn),
    silences: world.state.silences
      .filter((silence) => now.steady < silence.until.steady)
      .map((silence) => ({ scope: silence.scope, until: silence.until.at })),
  };
}

/** What watches cannot be trusted to watch what it was told to: whoever reads only the top must learn it too. */
function withRefusal(verdict: Snapshot['verdict'], refused: string | undefined): Snapshot['verdict'] {
  if (refused === undefined) return verdict;
  const watch = `One thing to watch: ${refused}; the last good one is in force.`;
  return { ...verdict, detail: verdict.detail === '' ? watch : `${verdict.detail} ${watch}` };
}
