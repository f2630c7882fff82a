import { nearest } from '../config/nearest.ts';
import type { Snapshot, TargetView } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';
import { renderExplanation } from '../text/explain.ts';
import { shortTime } from '../text/time.ts';
import type { Context } from './context.ts';
import { argument } from './options.ts';
import { needSight } from './snapshot.ts';

export async function run(context: Context, args: readonly string[]): Promise<number> {
  const name = argument(args, 0, 'The target', 'jarvis-health explain hub');
  const { snapshot, absence } = await needSight(context);
  const target = findTarget(snapshot, name);
  if (context.json) {
    context.outJson({ running: absence === undefined, target, holds: snapshot.holds });
    return 0;
  }
  const paper = context.paper();
  if (absence !== undefined)
    context.say(`The daemon is ${absence}: this is how things were at ${shortTime(snapshot.writtenAt, paper.nowMs)}.`);
  context.out(renderExplanation(snapshot, target, paper));
  return 0;
}

/** Throws TARGET_UNKNOWN with the name that was probably meant. */
export function findTarget(snapshot: Snapshot, name: string): TargetView {
  const found = snapshot.targets.find((target) => target.id === name);
  if (found !== undefined) return found;
  const ids = snapshot.targets.map((target) => target.id);
  const meant = nearest(name, ids);
  throw new PersonError(
    'TARGET_UNKNOWN',
    `There is no target "${name}".`,
    meant === undefined ? `Targets: ${ids.join(', ')}.` : `Did you mean ${meant}?`,
  );
}
