import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { PersonError } from '../errors.ts';
import type { Command } from '../install/command.ts';
import { homeFolderFor, type InstallHost, lingers, placeFor, thisHost } from '../install/host.ts';
import { lastingProgram } from '../install/lasting.ts';
import { perform } from '../install/perform.ts';
import { planInstall } from '../install/plan-install.ts';
import { renderUnit } from '../install/render.ts';
import { findRivals } from '../install/rivals/find.ts';
import { seeInstalled } from '../install/sight.ts';
import type { Step } from '../install/steps.ts';
import { readTemplate } from '../install/templates.ts';
import { pathsOf } from '../store/home.ts';
import { version } from '../version.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import { environmentNotes } from './install-environment.ts';
import {
  agreeLinger,
  assertBooted,
  lingerNote,
  lingerStep,
  startsWhen,
  unbootedNote,
  withUserManager,
} from './install-linger.ts';
import { agreeRetire, undoNote } from './install-rivals.ts';
import { assertOurs, assertWho, notesOf, systemHome } from './install-rules.ts';
import { printDone, printPlan, printResult } from './install-words.ts';
import type { Options } from './options.ts';
import { textOption } from './options.ts';
import { asSnapshot } from './snapshot.ts';
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
  const place = placeFor(host, system ? 'system' : 'user');
  const program = lastingProgram(host.program);
  const command: Command = { ...program, home: context.home, configFile };
  const user = system ? (textOption(options, 'user') ?? 'root') : host.user;
  const homeFolder = await homeFolderFor(host, place.scope, user);
  // A unit that is refused its config at every boot is worse than none.
  const missed = await environmentNotes(context, { host, place, node: program.node, homeFolder, configFile });
  const text = renderUnit(await readTemplate(place), { place, command, user, homeFolder });

  let sight = await seeInstalled(place, host.run);
  assertOurs(place, sight, context.home);
  // Before any question: what is answered would be in vain.
  if (!dryRun && !sight.answers) assertBooted(place);
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
    ...planInstall({
      place,
      sight,
      text,
      daemonBeside: daemonBeside(context, sight),
      otherVersion: await otherVersion(context),
      missing,
    }),
    ...(linger && !lingers(host) ? [lingerStep(host)] : []),
  ];
  const notes = [...notesOf(host, place, command), ...missed, ...(sight.answers ? [] : unbootedNote(place))];
  if (dryRun) return printPlan(context, { place, steps, text, notes, rivals });
  const did: string[] = [];
  const tell = (line: string): void => {
    did.push(line);
    printDone(context, line);
  };
  await perform(steps, { run: host.run, stopDaemon: () => stopDaemon(context), tell });
  const looked = await awaitLooked(context, place);
  const left = rivals.filter((one) => !retired.includes(one));
  return printResult(context, {
    ...{ place, did, looked, left, startsWhen: startsWhen(host, place) },
    notes: [...notes, ...lingerNote(host, place), ...retired.map(undoNote)],
  });
}

/** After an update the old program still runs, from memory. */
async function otherVersion(context: Context): Promise<boolean> {
  try {
    return asSnapshot(await askDaemon(context, '/api/v1/state')).daemon.version !== version();
  } catch (error) {
    // Whatever runs there cannot be asked: what is done about that is decided by who holds the lock.
    if (error instanceof PersonError) return false;
    throw error;
  }
}
