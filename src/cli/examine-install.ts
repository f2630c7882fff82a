import { sayDuration } from '../core/units.ts';
import { findInstalled, homeFolderFor, type Installed, type InstallHost, thisHost } from '../install/host.ts';
import { lastingProgram, whyNotRunnable } from '../install/lasting.ts';
import { namePlace } from '../install/place.ts';
import { renderUnit } from '../install/render.ts';
import { findRivals } from '../install/rivals/find.ts';
import { readTemplate } from '../install/templates.ts';
import type { Context } from './context.ts';
import type { Finding } from './examine.ts';
import { howToRetire } from './install-rivals.ts';

/** Whether the daemon comes back by itself, and whether something else heals what it heals. Changes nothing. */
export async function examineInstall(
  context: Context,
  host: InstallHost = thisHost(context.env),
): Promise<readonly Finding[]> {
  const installed = await findInstalled(host, context.home);
  return [
    ...(installed === undefined ? [notInstalled()] : await unit(host, installed)),
    ...(await rivals(context, host)),
  ];
}

function notInstalled(): Finding {
  return {
    is: 'lacks',
    what: 'Start at boot',
    text: 'nobody starts the daemon of this home folder, or starts it again when it ends',
    fix: 'jarvis-health install',
  };
}

async function unit(host: InstallHost, { place, sight }: Installed): Promise<readonly Finding[]> {
  const name = namePlace(place);
  const what = 'Start at boot';
  const system = place.scope === 'system' ? ' --system' : '';
  const again = `jarvis-health install${system}`;
  const missing = sight.command === undefined ? undefined : whyNotRunnable(sight.command);
  if (missing !== undefined)
    return [{ is: 'wrong', what, text: `the ${name} cannot start it: ${missing}`, fix: again }];
  if (!sight.answers)
    return [{ is: 'lacks', what, text: `the ${name} is written, and whoever obeys it does not answer`, fix: again }];
  if (sight.failed)
    return [
      {
        is: 'wrong',
        what,
        text: `the ${name} ended with status ${sight.exitStatus ?? '?'} and was given up`,
        fix: sight.exitStatus === 78 ? 'jarvis-health config check, then jarvis-health start' : 'jarvis-health start',
      },
    ];
  const times = sight.restarts > 0 ? `; started again ${sight.restarts} times by itself` : '';
  const starts: Finding = sight.atBoot
    ? { is: 'good', what, text: `the ${name} starts it${sight.active ? times : '; stopped by a person until then'}` }
    : { is: 'lacks', what, text: `the ${name} is disabled`, fix: again };
  return [starts, await current(host, { place, sight }, again), ...watchdog({ place, sight }, again)];
}

/** A file of another version, or for another copy of the program, works; what it promises may be old. */
async function current(host: InstallHost, { place, sight }: Installed, again: string): Promise<Finding> {
  const what = 'Unit file';
  const { command } = sight;
  if (command === undefined) return { is: 'lacks', what, text: `${place.file} is none of ours`, fix: again };
  const user = /<key>UserName<\/key>\s*<string>([^<]*)/.exec(sight.text ?? '')?.[1] ?? host.user;
  const homeFolder = await homeFolderFor(host, place.scope, user);
  const wish = { ...command, ...lastingProgram(host.program) };
  const text = renderUnit(await readTemplate(place), { place, command: wish, user, homeFolder });
  if (text === sight.text && !sight.stale)
    return { is: 'good', what, text: `${place.file} is as this version writes it` };
  const why = sight.stale ? 'was changed and not loaded' : 'is not as this copy of the program would write it';
  return { is: 'lacks', what, text: `${place.file} ${why}`, fix: again };
}

/** launchd has none. */
function watchdog({ place, sight }: Installed, again: string): readonly Finding[] {
  if (place.kind === 'launchd' || !sight.active) return [];
  const what = 'Watchdog';
  if (sight.watchdogMs === undefined)
    return [{ is: 'lacks', what, text: 'nobody would notice a daemon that hangs', fix: again }];
  return [
    {
      is: 'good',
      what,
      text: `systemd starts it again when it gives no sign of life for ${sayDuration(sight.watchdogMs)}`,
    },
  ];
}

async function rivals(context: Context, host: InstallHost): Promise<readonly Finding[]> {
  const what = 'Other healers';
  const found = await findRivals({ ...host, home: context.home });
  if (found.length === 0) return [{ is: 'good', what, text: 'nothing else was found that restarts the gateway' }];
  return found.map((rival) => ({
    is: 'lacks',
    what,
    text: `${rival.name} restarts the gateway too: ${rival.sign}`,
    fix: howToRetire(rival),
  }));
}
