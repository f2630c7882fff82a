import type { Rival } from '../install/rivals/rival.ts';
import { say } from '../text/lines.ts';
import { askPerson } from './ask-person.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

/** Those that may be retired: by `--retire`, or because a person says so to each. Nothing else is a consent, not even `--yes`. */
export async function agreeRetire(
  context: Context,
  rivals: readonly Rival[],
  options: Options,
): Promise<readonly Rival[]> {
  const able = rivals.filter(({ retire }) => retire.length > 0);
  if (options.retire === true) return able;
  if (options.dryRun === true) return [];
  const agreed: Rival[] = [];
  for (const rival of able) {
    if (!context.isTerminal) break;
    context.out(`${rivalLines(context, rival).join('\n')}\n`);
    if ((await askPerson(context, 'Retire it? It is stopped and set aside, not deleted.', false)) === true)
      agreed.push(rival);
  }
  return agreed;
}

/** Who it is, and what gave it away. */
export function rivalLines(context: Context, { name, where, sign }: Rival): readonly string[] {
  const paper = context.paper();
  return [
    ...say(`This restarts the gateway too: ${name}`, 0, paper, 'bold'),
    ...say(where === name ? sign : `${where}: ${sign}`, 2, paper),
  ];
}

export function undoNote({ name, undo }: Rival): string {
  return `Retired: ${name}. To bring it back: ${undo}`;
}
