import { homedir } from 'node:os';
import { nearest } from '../config/nearest.ts';
import { writeProblem } from '../config/problems.ts';
import type { Plan, TargetPlan } from '../core/plan.ts';
import { PersonError } from '../errors.ts';
import { openPlaybooks, type Playbooks } from '../open-playbooks.ts';
import type { Definition } from '../playbooks/definition.ts';
import type { Library } from '../playbooks/library.ts';
import { tellRefusal } from '../playbooks/library.ts';
import { readPlan } from '../read-plan.ts';
import { clean } from '../text/clean.ts';
import { type PlaybookRow, playbookTable } from '../text/playbooks.ts';
import { asTyped } from './as-typed.ts';
import type { Context } from './context.ts';
import { argument, type Options } from './options.ts';

/** Works without a daemon: what the files say is what counts. */
export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const [what = 'list'] = args;
  const most = what === 'run' ? 3 : what === 'show' ? 2 : 1;
  if (args.length > most)
    throw new PersonError('USAGE', `${args[most]} is one word too many.`, 'jarvis-health playbooks --help');
  if (what === 'list') return await list(context);
  const name = argument(args, 1, 'The name of the playbook', `jarvis-health playbooks ${what} service-restart`);
  if (what === 'show') return await show(context, name);
  const { runPlaybook } = await import('./run-playbook.ts');
  return await runPlaybook(context, name, args, options);
}

async function list(context: Context): Promise<number> {
  const playbooks = await openPlaybooks(context.home, homeFolderOf(context));
  const seen = await plannedWith(context, playbooks);
  const { all, refused, warnings } = playbooks.library();
  const rows = all.map(({ definition, shadowed }): PlaybookRow => {
    const { name, summary, for: kind, when = [], origin } = definition;
    return { name, summary, for: kind, when, origin, shadowed, ...usersOf(name, shadowed ? undefined : seen.plan) };
  });
  const troubles = [
    ...refused.map(tellRefusal),
    ...warnings.map(writeProblem),
    ...playbooks.unfit().map(({ target, because }) => `${target}: ${because}`),
    ...(seen.because === undefined ? [] : [seen.because]),
  ];
  if (context.json) context.outJson({ playbooks: rows, troubles });
  else context.out(`${playbookTable(rows, troubles, context.paper()).join('\n')}\n`);
  return 0;
}

async function show(context: Context, name: string): Promise<number> {
  const playbooks = await openPlaybooks(context.home, homeFolderOf(context));
  const definition = findPlaybook(playbooks.library(), name);
  if (context.json) {
    const { text: _, placeOf: __, ...compiled } = definition;
    context.outJson(compiled);
    return 0;
  }
  // As it is written, but nothing that a terminal would obey.
  const lines = definition.text.trimEnd().split(/\r\n|\r|\n/);
  for (const line of lines) context.out(`${/^ */.exec(line)?.[0] ?? ''}${clean(line, 4096)}\n`);
  return 0;
}

/** Throws PLAYBOOK_UNKNOWN with the name that was probably meant, or with why that file is not used. */
export function findPlaybook(library: Library, name: string): Definition {
  const found = library.named(name);
  if (found !== undefined) return found;
  const refused = library.refused.find((one) => one.name === name);
  if (refused !== undefined)
    throw new PersonError('PLAYBOOK_INVALID', tellRefusal(refused), 'Correct it, and try again.');
  const names = library.all.map(({ definition }) => definition.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? 'See: jarvis-health playbooks' : `Did you mean ${meant}?`;
  throw new PersonError('PLAYBOOK_UNKNOWN', `There is no playbook "${name}".`, hint);
}

export function homeFolderOf({ env }: Pick<Context, 'env'>): string {
  return env.HOME || homedir();
}

/** A config that is wrong keeps nobody from seeing the playbooks; only who uses them is not known then. */
async function plannedWith(
  { home, configFile, env }: Context,
  playbooks: Playbooks,
): Promise<{ readonly plan?: Plan; readonly because?: string }> {
  try {
    return { plan: (await readPlan({ home, configFile, env }, playbooks)).plan };
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    return {
      because: `The config is refused, so nobody knows who uses them. See: ${asTyped('jarvis-health config check', env, home)}`,
    };
  }
}

function usersOf(name: string, plan: Plan | undefined): Pick<PlaybookRow, 'usedBy' | 'byHand'> {
  const targets = Object.values(plan?.targets ?? {});
  const has = (list: TargetPlan['playbooks']): boolean => list.some((one) => one.name === name);
  return {
    usedBy: targets.filter(({ playbooks }) => has(playbooks)).map(({ id }) => id),
    byHand: targets.some(({ byHand }) => has(byHand)),
  };
}
