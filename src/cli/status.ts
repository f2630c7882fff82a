import type { Snapshot } from '../core/snapshot.ts';
import { clean } from '../text/clean.ts';
import { nagiosCode } from '../text/results.ts';
import { renderStatus } from '../text/status.ts';
import { asTyped } from './as-typed.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import type { Options } from './options.ts';
import { readSight, type Sight } from './snapshot.ts';

export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  if (options.watch === true) return (await import('./watch.ts')).watch(context, options.all === true);
  return printStatus(context, await readSight(context), options.all === true);
}

/** Prints what is known and returns the Nagios code. */
export function printStatus(context: Context, sight: Sight, all: boolean): number {
  if (context.json) context.outJson(statusValue(sight));
  else context.out(statusText(context, sight, all));
  return codeOf(sight);
}

export function statusText(context: Context, { snapshot, absence }: Sight, all: boolean): string {
  if (snapshot !== undefined) return renderStatus(snapshot, { all, absence }, context.paper());
  const next = absence === 'not answering' ? 'If it stays so: jarvis-health restart' : 'Start it: jarvis-health start';
  return `? No data\n  The health daemon is ${absence}, and has written nothing yet to\n  ${clean(context.home, 4096)}\n  ${asTyped(next, context.env, context.home)}\n`;
}

/** What `--json` prints: who answered, the exit code, the snapshot. */
export function statusValue(sight: Sight): {
  running: boolean;
  absence: string | null;
  code: number;
  snapshot: Snapshot | null;
} {
  const { snapshot, absence } = sight;
  return { running: absence === undefined, absence: absence ?? null, code: codeOf(sight), snapshot: snapshot ?? null };
}

/** By what is believed of the targets; a pause or an acknowledgement makes none of them well. 3 whenever nobody watches. */
function codeOf({ snapshot, absence }: Sight): number {
  if (snapshot === undefined || absence !== undefined || snapshot.verdict.state === 'first-run') return EXIT.unknown;
  return nagiosCode(snapshot.targets.map((target) => target.status));
}
