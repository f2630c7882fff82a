import { renderExplanation } from '../text/explain.ts';
import { shortTime } from '../text/time.ts';
import type { Context } from './context.ts';
import { findTarget } from './find-target.ts';
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
  context.out(renderExplanation(snapshot, target, paper, absence !== undefined));
  return 0;
}
