import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { writeProblem } from '../config/problems.ts';
import { PersonError } from '../errors.ts';
import { pathFor } from '../install/command.ts';
import type { InstallHost } from '../install/host.ts';
import type { Place } from '../install/place.ts';
import type { Context } from './context.ts';
import { warningsOf } from './startable.ts';

export type UnitGround = {
  readonly host: InstallHost;
  readonly place: Place;
  readonly node: string;
  /** Where `~` is for the daemon. */
  readonly homeFolder: string;
  readonly configFile: string | undefined;
};

/**
 * What of this shell the daemon will miss: a unit has an environment of its own. Throws what is wrong with the config; also
 * when it is right only with what this shell exports, for then a daemon that works would be replaced by one that does not.
 */
export async function environmentNotes(context: Context, ground: UnitGround): Promise<readonly string[]> {
  const { host, node, homeFolder, configFile } = ground;
  const source = { home: context.home, file: configFile };
  const here = await loadConfig({ ...source, env: context.env });
  const path = pathFor(host.platform, node, homeFolder);
  const there = await withoutShell(source, { HOME: homeFolder, PATH: path });
  return [...variablesLeft(context.env, ground.place), ...pathNotes(here, there, context, path)];
}

async function withoutShell(
  source: { readonly home: string; readonly file: string | undefined },
  env: NodeJS.ProcessEnv,
): Promise<LoadedConfig> {
  try {
    return await loadConfig({ ...source, env });
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    throw new PersonError(
      error.code,
      `Here the config is right, but not without what this shell exports:\n${error.message}`,
      'Write the value into the config, or a secret into a file: { file: PATH }.',
    );
  }
}

function variablesLeft(env: NodeJS.ProcessEnv, place: Place): readonly string[] {
  const ours = Object.keys(env).filter((name) => name.startsWith('JARVIS_HEALTH_') && name !== 'JARVIS_HEALTH_HOME');
  const into = place.kind === 'systemd' ? ', or into a drop-in' : '';
  return ours.map(
    (name) => `${name} is set in this shell only, the daemon will not see it: write it into the config${into}.`,
  );
}

/** Only what changes: what cannot be started from here either is said elsewhere. */
function pathNotes(here: LoadedConfig, there: LoadedConfig, context: Context, path: string): readonly string[] {
  const known = new Set(warningsOf(here, context.home).map(writeProblem));
  return warningsOf(there, context.home, path)
    .map(writeProblem)
    .filter((line) => !known.has(line))
    .map((line) =>
      line.endsWith(' on PATH') ? `${line} of the daemon (${path}): give its whole path.` : `${line} of the daemon.`,
    );
}
