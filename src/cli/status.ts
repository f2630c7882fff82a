import type { Snapshot } from '../core/snapshot.ts';
import { nagiosCode } from '../text/results.ts';
import { renderStatus } from '../text/status.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import type { Options } from './options.ts';
import { readSight, type Sight } from './snapshot.ts';

export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  if (options.watch === true) return (await import('./watch.ts')).watch(context, options.all === true);
  return printStatus(context, await readSight(context), options.all === true);
}

/** Prints what is known and returns the Nagios code: 3 whenever nobody is watching. */
export function printStatus(context: Context, sight: Sight | undefined, all: boolean): number {
  if (context.json) {
    context.outJson(
      sight === undefined
        ? { running: false, snapshot: null }
        : { running: sight.absence === undefined, snapshot: sight.snapshot },
    );
  } else {
    context.out(statusText(context, sight, all));
  }
  return sight === undefined || sight.absence !== undefined ? EXIT.unknown : codeOf(sight.snapshot);
}

export function statusText(context: Context, sight: Sight | undefined, all: boolean): string {
  if (sight !== undefined) return renderStatus(sight.snapshot, { all, absence: sight.absence }, context.paper());
  return `? No data\n  The health daemon is not running and has not written anything to\n  ${context.home} yet.\n  Start it: jarvis-health start\n`;
}

/** By what is believed of the targets; a pause or an acknowledgement does not make a target well. */
export function codeOf(snapshot: Snapshot): number {
  if (snapshot.verdict.state === 'first-run') return EXIT.unknown;
  return nagiosCode(snapshot.targets.map((target) => target.status));
}
