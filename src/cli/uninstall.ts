import { PersonError } from '../errors.ts';
import { typed } from '../host/hands-plan.ts';
import { type InstallHost, lingers, placeFor, thisHost } from '../install/host.ts';
import { perform } from '../install/perform.ts';
import { namePlace } from '../install/place.ts';
import { planUninstall } from '../install/plan-install.ts';
import { seeInstalled } from '../install/sight.ts';
import { clean } from '../text/clean.ts';
import type { Context } from './context.ts';
import { systemHome } from './install-rules.ts';
import { printDone, printPlan } from './install-words.ts';
import type { Options } from './options.ts';

/** Ends the daemon and takes its unit off the host. The home folder, and what was started, stay. */
export async function run(
  context: Context,
  _args: readonly string[],
  options: Options,
  host: InstallHost = thisHost(context.env),
): Promise<number> {
  const system = options.system === true;
  const place = placeFor(host, system ? 'system' : 'user');
  const sight = await seeInstalled(place, host.run);
  const steps = planUninstall(place, sight);
  const home = sight.command?.home;
  if (sight.text !== undefined && sight.command === undefined)
    throw new PersonError(
      'INSTALLED_ELSEWHERE',
      `${place.file} was not written by this program, so it is left alone.`,
      `Look at it: cat ${place.file}`,
    );
  const asked = system ? systemHome(context) : context.home;
  if (home !== undefined && home !== asked && options.force !== true)
    throw new PersonError(
      'INSTALLED_ELSEWHERE',
      `The ${namePlace(place)} runs the daemon of ${home}, not that of ${asked}.`,
      `To take that one away: ${typed(['jarvis-health', '--home', home, 'uninstall', ...(system ? ['--system'] : [])])}`,
    );
  const notes = [
    ...(home === undefined
      ? []
      : [`Config, state, history and logs stay in ${home}. To remove them too: ${typed(['rm', '-r', home])}`]),
    ...(place.kind === 'systemd' && !system && lingers(host)
      ? [`Services of ${host.user} still run without a login. To end that: loginctl disable-linger ${host.user}`]
      : []),
  ];
  if (options.dryRun === true) return printPlan(context, { place, steps, notes, rivals: [] });
  if (steps.length > 0 && system && host.uid !== 0)
    throw new PersonError(
      'NOT_PERMITTED',
      'Only root may take it off the whole host.',
      'sudo jarvis-health uninstall --system',
    );
  const did: string[] = [];
  const tell = (line: string): void => {
    did.push(line);
    printDone(context, line);
  };
  await perform(steps, { run: host.run, stopDaemon: async () => undefined, tell });
  if (context.json) context.outJson({ installed: false, changed: did.length > 0, file: place.file, did, notes });
  else if (steps.length === 0) context.out(`There is no ${namePlace(place)}: nothing was changed.\n`);
  else context.out([`The ${namePlace(place)} is gone.`, ...notes, ''].map((line) => clean(line, 2000)).join('\n'));
  return 0;
}
