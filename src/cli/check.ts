import { writeProblem } from '../config/problems.ts';
import type { Result } from '../core/types.ts';
import { PersonError } from '../errors.ts';
import { runOnce } from '../once.ts';
import { clean } from '../text/clean.ts';
import { foundLines } from '../text/found.ts';
import { say } from '../text/lines.ts';
import { nagiosCode, renderResults } from '../text/results.ts';
import type { Context } from './context.ts';
import { at, tellDaemon } from './daemon.ts';
import type { Options } from './options.ts';
import { openProgress } from './progress.ts';
import type { Told } from './recover-alone.ts';

/** One pass of looks, as a table or JSON; exits on the Nagios scale. Needs no daemon. */
export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const told = options.recover === true ? await recover(context, args) : undefined;
  const progress = openProgress(context, 'Looking');
  const { plan, results, warnings, found } = await runOnce({
    home: context.home,
    configFile: context.configFile,
    env: context.env,
    names: args,
  }).finally(progress.end);
  for (const warning of warnings) context.say(`warning: ${writeProblem(warning)}`);
  const code = nagiosCode(results.map((result) => result.status));
  if (context.json) {
    context.outJson({
      code,
      configured: plan.configured,
      results: results.map(withoutDoubt),
      ...(found === undefined ? {} : { found }),
      ...(told === undefined ? {} : { recovery: told }),
    });
    return code;
  }
  const paper = context.paper();
  const lines = renderResults(results, plan.targets, paper);
  if (found !== undefined) lines.push(...foundLines(found, paper));
  if (told !== undefined && told.length > 0)
    lines.push('', ...told.flatMap(({ text }) => say(clean(text, 2000), 0, paper)));
  context.out(`${lines.join('\n')}\n`);
  return code;
}

/** How sure a look is of a trouble says nothing where there is none. */
function withoutDoubt(result: Result): Omit<Result, 'evidence'> | Result {
  const { evidence: _, ...rest } = result;
  return result.status === 'ok' || result.status === 'idle' ? rest : result;
}

/**
 * A daemon that runs is asked to look as well, and recovers what it sees by its own rules: only one may act. Where none
 * runs this pass is one for a while. Gives what was done or why nothing was, if it was this pass that decided it.
 */
async function recover(context: Context, names: readonly string[]): Promise<readonly Told[] | undefined> {
  try {
    await tellDaemon(context, at('checks', 'run'), names.length === 0 ? {} : { targets: names });
    return undefined;
  } catch (error) {
    if (!(error instanceof PersonError) || error.code !== 'DAEMON_NOT_RUNNING') throw error;
  }
  const { recoverAlone } = await import('./recover-alone.ts');
  return await recoverAlone(context, names);
}
