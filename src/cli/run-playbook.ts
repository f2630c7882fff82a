import { nearest } from '../config/nearest.ts';
import { writeProblem } from '../config/problems.ts';
import { PersonError } from '../errors.ts';
import { readPlan } from '../read-plan.ts';
import type { Context } from './context.ts';
import { argument, type Options } from './options.ts';
import { findPlaybook } from './playbooks.ts';
import { printLines, run as recover } from './recover.ts';

/** As `recover TARGET --playbook NAME`, with a better word where that cannot be; a dry run needs no daemon. */
export async function runPlaybook(
  context: Context,
  name: string,
  args: readonly string[],
  options: Options,
): Promise<number> {
  const target = argument(args, 2, 'The target', `jarvis-health playbooks run ${name} hub --dry-run`);
  const seen = await fitting(context, name, target).catch(unlessConfig);
  try {
    return await recover(context, [target], { ...options, playbook: name });
  } catch (error) {
    const isAbsent = error instanceof PersonError && error.code === 'DAEMON_NOT_RUNNING';
    if (!isAbsent || options.dryRun !== true) throw error;
  }
  if (seen instanceof PersonError) throw seen;
  const { rehearseAlone } = await import('../rehearse-alone.ts');
  const wish = { target, playbook: name, force: options.force === true };
  const told = await rehearseAlone(context.home, seen, wish, 'you');
  if (!told.ok) throw new PersonError('USAGE', told.trouble.message, told.trouble.hint);
  if (context.json) context.outJson({ answer: told, attempt: null });
  else printLines(context, told);
  return 0;
}

/** The plan, in which this target can run this playbook. Throws PLAYBOOK_UNKNOWN and TARGET_UNKNOWN. */
async function fitting({ home, configFile, env }: Context, name: string, target: string) {
  const { plan, playbooks } = await readPlan({ home, configFile, env });
  const definition = findPlaybook(playbooks.library(), name);
  const found = plan.targets[target];
  if (found === undefined) {
    const targets = Object.keys(plan.targets);
    const meant = nearest(target, targets);
    const hint = meant === undefined ? `Known targets: ${targets.join(', ')}.` : `Did you mean ${meant}?`;
    throw new PersonError('TARGET_UNKNOWN', `There is no target "${target}".`, hint);
  }
  const all = [...found.playbooks, ...found.byHand].map((one) => one.name);
  if (all.includes(name)) return plan;
  const theirs = all.length === 0 ? `${target} has none.` : `${target} can run: ${all.join(', ')}.`;
  if (definition.for !== found.kind) {
    const message = `The playbook ${name} is for ${definition.for}, and ${target} is ${articleOf(found.kind)}.`;
    throw new PersonError('PLAYBOOK_UNKNOWN', message, theirs);
  }
  const misfit = playbooks.misfits().find((one) => one.target === target && one.name === name);
  const [problem] = misfit?.problems ?? [];
  const why = problem === undefined ? (found.because ?? 'nothing in it can be done') : writeProblem(problem);
  throw new PersonError('PLAYBOOK_UNKNOWN', `${target} cannot run the playbook ${name}: ${why}.`, theirs);
}

function articleOf(kind: string): string {
  return kind === 'service' || kind === 'disk' ? `a ${kind}` : kind;
}

/** What is wrong with the config is for the daemon to know, which goes on with its last good one. */
function unlessConfig(error: unknown): PersonError {
  if (error instanceof PersonError && /^CONFIG_/.test(error.code)) return error;
  throw error;
}
