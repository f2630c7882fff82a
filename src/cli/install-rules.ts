import { existsSync } from 'node:fs';
import { PersonError } from '../errors.ts';
import type { Command } from '../install/command.ts';
import { type InstallHost, placeFor } from '../install/host.ts';
import { changeableByOthers } from '../install/lasting.ts';
import { namePlace, type Place, SYSTEM_HOME } from '../install/place.ts';
import type { Sight } from '../install/sight.ts';
import type { Context } from './context.ts';
import { homeOf } from './home-of.ts';
import type { Options } from './options.ts';

/** Throws NOT_PERMITTED or USAGE for somebody for whom this installation is not. */
export function assertWho({ uid, platform }: InstallHost, options: Options, env: NodeJS.ProcessEnv): void {
  const system = options.system === true;
  if (system && uid !== 0 && options.dryRun !== true)
    throw new PersonError(
      'NOT_PERMITTED',
      'Only root may install it for the whole host.',
      'sudo jarvis-health install --system, or without --system for yourself alone.',
    );
  if (!system && uid === 0 && env.SUDO_USER && env.SUDO_USER !== 'root')
    throw new PersonError(
      'USAGE',
      'With sudo this would install it for root, and not for you.',
      'Run it without sudo for yourself, or with --system for the whole host.',
    );
  if (options.user !== undefined && !(system && platform === 'darwin'))
    throw new PersonError(
      'USAGE',
      '--user goes with --system, and on macOS only.',
      platform === 'darwin'
        ? 'sudo jarvis-health install --system --user NAME'
        : 'As that user: jarvis-health install --linger',
    );
}

/** One unit runs one home folder; whoever has two of them has to say which. Throws INSTALLED_ELSEWHERE. */
export function assertOurs(place: Place, { text, command }: Sight, home: string): void {
  if (text === undefined || command?.home === home) return;
  if (command === undefined)
    throw new PersonError(
      'INSTALLED_ELSEWHERE',
      `${place.file} exists and was not written by this program.`,
      `Move it away: mv ${place.file} ${place.file}.old`,
    );
  throw new PersonError(
    'INSTALLED_ELSEWHERE',
    `The ${namePlace(place)} runs the daemon of ${command.home}, and there is one unit only.`,
    `First: jarvis-health --home ${command.home} uninstall${place.scope === 'system' ? ' --system' : ''}`,
  );
}

/** The home folder of a daemon of the whole host, unless another one was named. */
export function systemHome({ home, env }: Context): string {
  return home === homeOf(undefined, { HOME: env.HOME }) ? SYSTEM_HOME : home;
}

/** What a person should know of it beforehand; nothing that stands in the way. */
export function notesOf(host: InstallHost, place: Place, command: Command): readonly string[] {
  const weak = place.scope === 'system' ? changeableByOthers(command) : undefined;
  const other = placeFor(host, place.scope === 'system' ? 'user' : 'system');
  return [
    ...(weak === undefined
      ? []
      : [
          `root will run ${weak}, which others than root may change: install node and this program for the whole host.`,
        ]),
    ...(existsSync(other.file)
      ? [`${namePlace(other)} is installed as well (${other.file}): one of them is enough.`]
      : []),
    ...(place.kind === 'launchd' && place.scope === 'user'
      ? [
          'launchd starts an agent when you log in. For a Mac that nobody logs in to: sudo jarvis-health install --system',
        ]
      : []),
  ];
}
