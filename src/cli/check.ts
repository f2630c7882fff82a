import { writeProblem } from '../config/problems.ts';
import { runOnce } from '../once.ts';
import { foundLines } from '../text/found.ts';
import { nagiosCode, renderResults } from '../text/results.ts';
import type { Context } from './context.ts';
import { at, tellDaemon } from './daemon.ts';
import type { Options } from './options.ts';
import { openProgress } from './progress.ts';

/** One pass of looks, as a table or JSON; exits on the Nagios scale. Needs no daemon unless it may recover. */
export async function run(context: Context, args: readonly string[], options: Options): Promise<number> {
  const progress = openProgress(context, 'Looking');
  // What a recovery may do depends on past attempts, and only the daemon remembers them: it is asked to look as well,
  // and what it then sees it recovers by its own rules. Asked first, so that an absent daemon is said at once.
  if (options.recover === true)
    await tellDaemon(context, at('checks', 'run'), args.length === 0 ? {} : { targets: args });
  const { plan, results, warnings, found } = await runOnce({
    home: context.home,
    configFile: context.configFile,
    env: context.env,
    names: args,
  }).finally(progress.end);
  for (const warning of warnings) context.say(`warning: ${writeProblem(warning)}`);
  const code = nagiosCode(results.map((result) => result.status));
  if (context.json) {
    context.outJson({ code, configured: plan.configured, results, ...(found === undefined ? {} : { found }) });
    return code;
  }
  const paper = context.paper();
  const lines = renderResults(results, plan.targets, paper);
  if (found !== undefined) lines.push(...foundLines(found, paper));
  context.out(`${lines.join('\n')}\n`);
  return code;
}
