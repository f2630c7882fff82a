import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { PersonError } from '../errors.ts';
import type { Command } from '../install/command.ts';
import { homeFolderFor, type InstallHost, lingers, placeFor, thisHost } from '../install/host.ts';
import { changeableByOthers, lastingProgram } from '../install/lasting.ts';
import { perform } from '../install/perform.ts';
import { namePlace, type Place, SYSTEM_HOME } from '../install/place.ts';
import { planInstall } from '../install/plan-install.ts';
import { renderUnit } from '../install/render.ts';
import { findRivals } from '../install/rivals/find.ts';
import { type Sight, seeInstalled } from '../install/sight.ts';
import type { Step } from '../install/steps.ts';
import { readTemplate } from '../install/templates.ts';
import { pathsOf } from '../store/home.ts';
import { type Context, homeOf } from './context.ts';
import { agreeLinger, lingerNote, lingerStep, withUserManager } from './install-linger.ts';
import { agreeRetire } from './install-rivals.ts';
import { printDone, printPlan, printResult } from './install-words.ts';
import type { Options } from './options.ts';
import { textOption } from './options.ts';
import { stopDaemon } from './stop.ts';
import { awaitLooked, daemonBeside } from './supervised.ts';

/** Writes the unit or LaunchAgent, has it start the daemon now and at boot, and takes over one that runs already. */
export async function run(
  asked: Context,
  _args: readonly string[],
  options: Options,
  host: InstallHost = thisHost(asked.env),
): Promise<number> {
  const system = options.system === true;
  const dryRun = options.dryRun === true;
  assertWho(host, options, asked.env);
  const context = system ? { ...asked, home: systemHome(asked) } : asked;
  const configFile = context.configFile === undefined ? undefined : resolve(context.configFile);
  // A unit that is refused its config at every boot is worse than none.
  await loadConfig({ home: context.home, file: configFile, env: context.env });
  const place = placeFor(host, system ? 'system' : 'user');
  const program = lastingProgram(host.program);
  const command: Command = { ...program, home: context.home, configFile };
  const user = system ? (textOption(options, 'user') ?? 'root') : host.user;
  const homeFolder = await homeFolderFor(host, place.scope, user);
  const text = renderUnit(await readTemplate(place), { place, command, user, homeFolder });

  let sight = await seeInstalled(place, host.run);
  assertOurs(place, sight, context.home);
  const rivals = await findRivals({ ...host, home: context.home });
  const retired = await agreeRetire(context, rivals, options);
  const linger = await agreeLinger(context, host, place, options);
  if (!sight.answers && !dryRun) {
    await withUserManager(host, place, linger);
    sight = await seeInstalled(place, host.run);
  }
  const missing = { folders: [context.home, pathsOf(context.home).logs].filter((path) => !existsSync(path)), user };
  const steps: readonly Step[] = [
    ...retired.flatMap(({ retire }) => retire),
    ...planInstall({ place, sight, text, daemonBeside: daemonBeside(context, sight), missing }),
    ...(linger && !lingers(host) ? [lingerStep(host)] : []),
  ];
  const notes = notesOf(host, place, command);
  if (dryRun) return printPlan(context, { place, steps, text, notes, rivals });
  const did: string[] = [];
  const tell = (line: string): void => {
    did.push(line);
    printDone(context, line);
  };
  await perform(steps, { run: host.run, stopDaemon: () => stopDaemon(context), tell });
  const looked = await awaitLooked(context, place);
  const left = rivals.filter((one) => !retired.includes(one));
  return printResult(context, { place, did, notes: [...notes, ...lingerNote(host, place)], looked, left });
}

function assertWho({ uid, platform }: InstallHost, options: Options, env: NodeJS.ProcessEnv): void {
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

function systemHome(context: Context): string {
  return context.home === homeOf(undefined, { HOME: context.env.HOME }) ? SYSTEM_HOME : context.home;
}

/** One unit runs one home folder; whoever has two of them has to say which. */
function assertOurs(place: Place, { text, command }: Sight, home: string): void {
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

function notesOf(host: InstallHost, place: Place, command: Command): readonly string[] {
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
