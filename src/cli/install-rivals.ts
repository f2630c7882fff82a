import { PersonError } from '../errors.ts';
import { typed } from '../host/hands-plan.ts';
import type { Rival } from '../install/rivals/rival.ts';
import { say } from '../text/lines.ts';
import { askPerson } from './ask-person.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

/**
 * Those that may be retired: all that are sure by `--retire`, others by `--retire NAME` or because a person says so to each.
 * Nothing else is a consent, not even `--yes`. Throws USAGE for a name that nobody has.
 */
export async function agreeRetire(
  context: Context,
  rivals: readonly Rival[],
  options: Options,
): Promise<readonly Rival[]> {
  const able = rivals.filter(({ retire }) => retire.length > 0);
  const names: readonly unknown[] | undefined = Array.isArray(options.retire) ? options.retire : undefined;
  if (names !== undefined) return named(able, names.map(String));
  const agreed = options.retire === true ? able.filter(({ isSure }) => isSure) : [];
  if (options.dryRun === true) return agreed;
  for (const rival of able) {
    if (!context.isTerminal) break;
    if (agreed.includes(rival)) continue;
    context.out(`${rivalLines(context, rival).join('\n')}\n`);
    if ((await askPerson(context, 'Retire it? It is stopped and set aside, not deleted.', false)) === true)
      agreed.push(rival);
  }
  return agreed;
}

function named(able: readonly Rival[], names: readonly string[]): readonly Rival[] {
  return names.map((name) => {
    const rival = able.find(({ id }) => id === name);
    if (rival !== undefined) return rival;
    const there = able.map(({ id }) => id).join(', ');
    throw new PersonError(
      'USAGE',
      `Nothing that restarts the gateway, and may be retired from here, is called ${name}.`,
      there === '' ? 'See what there is: jarvis-health doctor' : `There is: ${there}`,
    );
  });
}

/** The command that retires it. */
export function howToRetire({ id, isSure, retire, byHand }: Rival): string {
  if (retire.length === 0) return byHand;
  return `jarvis-health install --retire${isSure ? '' : ` ${typed([id])}`}`;
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
