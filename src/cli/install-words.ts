import { namePlace, type Place } from '../install/place.ts';
import type { Rival } from '../install/rivals/rival.ts';
import { type Step, sayStep } from '../install/steps.ts';
import { clean } from '../text/clean.ts';
import { say } from '../text/lines.ts';
import { nameFor } from './as-typed.ts';
import type { Context } from './context.ts';
import { howToRetire, rivalLines } from './install-rivals.ts';

export function printDone(context: Context, line: string): void {
  if (!context.json) context.out(`${clean(line, 2000)}\n`);
}

/** `--dry-run`: the files as they would be written, and the commands. */
export function printPlan(
  context: Context,
  plan: {
    readonly place: Place;
    readonly steps: readonly Step[];
    readonly text?: string;
    readonly notes: readonly string[];
    readonly rivals: readonly Rival[];
  },
): number {
  const { place, steps, text, notes, rivals } = plan;
  if (context.json) {
    context.outJson({ dryRun: true, file: place.file, text, steps: steps.map((step) => sayStep(step, false)), notes });
    return 0;
  }
  if (text !== undefined) context.out(`# ${clean(place.file, 2000)}\n${text}\n`);
  if (steps.length === 0) context.out('Nothing would be done: all is as it should be.\n');
  else context.out(`Would be done:\n${steps.map((step) => `  ${clean(sayStep(step, false), 2000)}\n`).join('')}`);
  printRemarks(context, notes, rivals);
  return 0;
}

export function printResult(
  context: Context,
  result: {
    readonly place: Place;
    readonly did: readonly string[];
    readonly notes: readonly string[];
    readonly looked: boolean;
    readonly startsWhen: string;
    /** Rivals that stay. */
    readonly left: readonly Rival[];
  },
): number {
  const { place, did, notes, looked, left, startsWhen } = result;
  if (context.json) {
    context.outJson({ installed: true, changed: did.length > 0, file: place.file, did, looked, notes, rivals: left });
    return 0;
  }
  const starts = `starts it again when it ends, and starts it ${startsWhen}`;
  const state = did.length > 0 ? `runs the daemon, ${starts}` : 'runs the daemon already; nothing was changed';
  context.out(`The ${namePlace(place)} ${state}.\n`);
  printRemarks(context, notes, left);
  context.out(`See how it is: ${nameFor(context.env, context.home)} status\n`);
  return 0;
}

function printRemarks(context: Context, notes: readonly string[], rivals: readonly Rival[]): void {
  const paper = context.paper();
  // Not wrapped: many of them end in a command that is to be copied.
  for (const note of notes) context.out(`Note: ${clean(note, 2000)}\n`);
  for (const rival of rivals) {
    const able = `To ${rival.retire.length > 0 ? 'retire' : 'end'} it: ${howToRetire(rival)}`;
    const lines = [...rivalLines(context, rival), ...say(able, 2, paper)];
    context.out(`${lines.join('\n')}\n`);
  }
}
