import { resolve } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { writeProblem } from '../config/problems.ts';
import { PersonError } from '../errors.ts';
import type { Installed } from '../install/host.ts';
import { namePlace } from '../install/place.ts';
import { openHome } from '../store/home.ts';
import { clean } from '../text/clean.ts';
import { version } from '../version.ts';
import { nameFor } from './as-typed.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import type { Options } from './options.ts';
import { asSnapshot } from './snapshot.ts';
import { awaitReady, spawnDaemon } from './spawn-daemon.ts';
import { printStarted } from './started.ts';
import { stopDaemon } from './stop.ts';
import { daemonBeside, installedFor, startUnit } from './supervised.ts';

export async function run(context: Context, _args: readonly string[], options: Options): Promise<number> {
  const configFile = context.configFile === undefined ? undefined : resolve(context.configFile);
  const observe = options.observe === true;
  if (options.foreground === true) {
    const { runDaemon } = await import('../daemon.ts');
    return runDaemon({ home: context.home, configFile, observe, version: version() });
  }
  const running = await pidOfRunning(context);
  const installed = await installedFor(context);
  if (running !== undefined) {
    const command = nameFor(context.env, context.home);
    const beside = installed !== undefined && daemonBeside(context, installed.sight);
    if (context.json) context.outJson({ started: false, running: true, pid: running });
    else
      context.out(
        `A daemon runs already for ${clean(context.home)}, as process ${running}.\n${
          beside ? `Not by the ${namePlace(installed.place)}; to hand it over: ${command} restart\n` : ''
        }See how it is: ${command} status\n`,
      );
    return 0;
  }
  const { paths } = openHome(context.home);
  // Read here as well, so that a person sees what is wrong on this terminal and not in a log.
  const { warnings } = await loadConfig({ home: context.home, file: configFile, env: context.env });
  for (const warning of warnings) context.say(`warning: ${clean(writeProblem(warning), 2000)}`);
  if (installed !== undefined) return startInstalled(context, installed, { observe, configFile, anew: false });
  const args = [
    'start',
    '--foreground',
    '--home',
    context.home,
    ...(observe ? ['--observe'] : []),
    ...(configFile === undefined ? [] : ['--config', configFile]),
  ];
  const daemon = spawnDaemon(args, paths.logs, context.home, context.env);
  const outcome = await awaitReady(context, daemon);
  if (!outcome.alive) {
    for (const line of outcome.lastWords) process.stderr.write(`${line}\n`);
    if (outcome.lastWords.length > 0 && outcome.exitCode !== null) return outcome.exitCode;
    throw new PersonError(
      'INTERNAL',
      `The daemon ended at once (exit code ${outcome.exitCode ?? 'none, by a signal'}).`,
      'See: jarvis-health start --foreground',
    );
  }
  printStarted(context, asSnapshot(await askDaemon(context, '/api/v1/state')), outcome.looked);
  return 0;
}

/** Has the installed unit start the daemon, or start it anew. */
export async function startInstalled(
  context: Context,
  installed: Installed,
  how: { readonly observe: boolean; readonly configFile: string | undefined; readonly anew: boolean },
): Promise<number> {
  const name = namePlace(installed.place);
  if (how.observe)
    throw new PersonError(
      'USAGE',
      `The ${name} starts the daemon, and takes no --observe.`,
      'Write `policy: { mode: observe }` into the config; it is picked up at once.',
    );
  if (how.configFile !== undefined && how.configFile !== installed.sight.command?.configFile)
    throw new PersonError(
      'USAGE',
      `The ${name} starts the daemon with the config that it was installed with.`,
      `Install it with this one: jarvis-health --config ${how.configFile} install`,
    );
  const looked = await startUnit(context, installed, { anew: how.anew, stopDaemon: () => stopDaemon(context) });
  context.say(`Started by the ${name}.`);
  printStarted(context, asSnapshot(await askDaemon(context, '/api/v1/state')), looked);
  return 0;
}

/** The pid of the daemon that answers; `undefined` when none does. Throws DAEMON_SILENT when one lives and does not answer. */
async function pidOfRunning(context: Context): Promise<number | undefined> {
  try {
    return asSnapshot(await askDaemon(context, '/api/v1/state')).daemon.pid;
  } catch (error) {
    if (error instanceof PersonError && error.code === 'DAEMON_NOT_RUNNING') return undefined;
    throw error;
  }
}
