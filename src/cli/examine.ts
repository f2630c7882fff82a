import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { readConfig } from '../config/load.ts';
import { writeProblem } from '../config/problems.ts';
import { saySize } from '../core/units.ts';
import { PersonError } from '../errors.ts';
import { findListeners } from '../host/ports.ts';
import { spaceOf } from '../host/space.ts';
import { findUserManager } from '../host/user-manager.ts';
import { assertSocketPath } from '../http/socket.ts';
import { assertHome, pathsOf } from '../store/home.ts';
import { count } from '../text/words.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';
import { pathOfDaemon } from './daemon-path.ts';
import { examineGateway } from './examine-gateway.ts';
import { examineInstall } from './examine-install.ts';
import { examinePlaybooks } from './examine-playbooks.ts';
import { asSnapshot } from './snapshot.ts';
import { warningsOf } from './startable.ts';

/** `lacks`: a feature is missing and all else works. `wrong`: the daemon cannot do its work. `fix` is a command or a next step. */
export type Finding = {
  readonly is: 'good' | 'lacks' | 'wrong';
  readonly what: string;
  readonly text: string;
  readonly fix?: string;
};

const OLDEST_NODE = 20;
// State, alerts, audit and a day of history; the reserve of 1 MiB is the least of it.
const ROOM_BYTES = 64 * 1024 * 1024;

/** Looks at everything a feature rests on. Changes nothing. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const path = await pathOfDaemon(context);
  return [
    nodeVersion(),
    ...home(context),
    socket(context),
    await room(context),
    ...(await config(context, path)),
    ...(await examinePlaybooks(context)),
    await daemon(context),
    ...(await examineInstall(context)),
    ...(await examineGateway(context, path)),
    ...(process.platform === 'linux' ? [proc(), ...(await userManager())] : []),
    ...(process.platform === 'darwin' ? [lsof()] : []),
    await strangers(),
    locale(context),
  ];
}

function nodeVersion(): Finding {
  const what = `Node ${process.versions.node}`;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE)
    return { is: 'good', what, text: `at least ${OLDEST_NODE} is needed` };
  return {
    is: 'wrong',
    what,
    text: `at least ${OLDEST_NODE} is needed`,
    fix: 'Install a newer one: https://nodejs.org/en/download',
  };
}

function home({ home }: Context): readonly Finding[] {
  const what = `Home ${home}`;
  if (!existsSync(home)) return [{ is: 'good', what, text: 'is made when the daemon starts' }];
  try {
    assertHome(home);
    const mode = statSync(home).mode & 0o777;
    if ((mode & 0o077) === 0) return [{ is: 'good', what, text: 'is ours and can be written' }];
    const text = `is ours, and others may look into it (mode ${mode.toString(8)})`;
    return [{ is: 'lacks', what, text, fix: `chmod 700 '${home}'` }];
  } catch (error) {
    return [wrong(what, error)];
  }
}

function socket({ home }: Context): Finding {
  const what = 'Door for commands';
  try {
    assertSocketPath(pathsOf(home).socket);
    return { is: 'good', what, text: 'the path of the socket is short enough' };
  } catch (error) {
    return wrong(what, error);
  }
}

async function room({ home }: Context): Promise<Finding> {
  let folder = home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { freeBytes } = await spaceOf(folder);
  const what = 'Room on its disk';
  if (freeBytes >= ROOM_BYTES) return { is: 'good', what, text: `${saySize(freeBytes)} free` };
  return {
    is: 'wrong',
    what,
    text: `${saySize(freeBytes)} free, ${saySize(ROOM_BYTES)} is needed`,
    fix: `See what fills it: du -xh ${folder} | sort -h | tail`,
  };
}

async function config(context: Context, path: string | undefined): Promise<readonly Finding[]> {
  const reading = await readConfig({ home: context.home, file: context.configFile, env: context.env });
  const what = 'Config';
  if (!reading.ok)
    return [
      {
        is: 'wrong',
        what,
        text: reading.problems.map(writeProblem).join('; '),
        fix: 'jarvis-health config check',
      },
    ];
  if (!reading.loaded.configured)
    return [
      {
        is: 'lacks',
        what,
        text: 'there is none, so nothing is acted on',
        fix: 'jarvis-health init',
      },
    ];
  const warnings = warningsOf(reading.loaded, context.home, path).map((warning): Finding => {
    const line = writeProblem(warning);
    const text = path !== undefined && line.endsWith(' on PATH') ? `${line} of the daemon (${path})` : line;
    return { is: 'lacks', what: 'Config', text, fix: 'Mend it, or correct the config.' };
  });
  return [{ is: 'good', what, text: `${reading.loaded.file} is right` }, ...warnings];
}

async function daemon(context: Context): Promise<Finding> {
  const what = 'Daemon';
  try {
    const { configRefused } = asSnapshot(await askDaemon(context, '/api/v1/state')).daemon;
    if (configRefused === undefined) return { is: 'good', what, text: 'runs and answers' };
    const text = `runs on the last good config: ${configRefused}`;
    return { is: 'lacks', what, text, fix: 'jarvis-health config check' };
  } catch (error) {
    if (error instanceof PersonError && error.code === 'DAEMON_NOT_RUNNING')
      return { is: 'lacks', what, text: 'is not running', fix: 'jarvis-health start' };
    return wrong(what, error);
  }
}

/** With hidepid (proc(5)) the process that holds a port cannot be found, and nothing that is not seen is ever ended. */
function proc(): Finding {
  const what = 'Processes of others';
  if (existsSync('/proc/1/stat')) return { is: 'good', what, text: 'can be seen' };
  return {
    is: 'lacks',
    what,
    text: 'are hidden by the mount option hidepid',
    fix: 'sudo mount -o remount,hidepid=0 /proc',
  };
}

async function userManager(): Promise<readonly Finding[]> {
  const what = 'systemd user manager';
  if ((await findUserManager()) === undefined) {
    const text = 'none answers; services that are started become plain processes, which is fine';
    const root = process.geteuid?.() === 0;
    return [
      {
        is: 'lacks',
        what,
        text,
        fix: existsSync('/run/systemd/system')
          ? `${root ? '' : 'sudo '}loginctl enable-linger ${userInfo().username}`
          : root
            ? 'apt-get install systemd dbus-user-session'
            : 'sudo apt-get install systemd dbus-user-session, then log in again',
      },
    ];
  }
  const user = userInfo().username;
  const lingers = existsSync(`/var/lib/systemd/linger/${user}`);
  const linger: Finding = lingers
    ? { is: 'good', what: 'Lingering', text: 'services live on when you log out' }
    : {
        is: 'lacks',
        what: 'Lingering',
        text: 'services of this user end when you log out',
        fix: `sudo loginctl enable-linger ${user}`,
      };
  return [{ is: 'good', what, text: 'runs; services that are started become its units' }, linger];
}

function lsof(): Finding {
  const what = 'lsof';
  if (statSync('/usr/sbin/lsof', { throwIfNoEntry: false }) !== undefined)
    return { is: 'good', what, text: 'shows who holds a port or a file' };
  return { is: 'lacks', what, text: 'is missing: who holds a port or a file cannot be seen', fix: 'brew install lsof' };
}

async function strangers(): Promise<Finding> {
  const what = 'Listening services';
  const listeners = await findListeners().catch(() => []);
  const unseen = listeners.filter(({ pid }) => pid === undefined);
  const text = `${count(listeners.length, 'port')} open, the process behind ${listeners.length - unseen.length} of them can be seen`;
  if (unseen.length === 0 || process.geteuid?.() === 0) return { is: 'good', what, text };
  const ports = unseen.map(({ port }) => port).slice(0, 8);
  return {
    is: 'lacks',
    what,
    text: `${text}; not ${ports.join(', ')}`,
    fix: 'Run it as the user of those services, if they are to be recovered.',
  };
}

function locale(context: Context): Finding {
  const what = 'Terminal';
  if (context.paper().unicode) return { is: 'good', what, text: 'takes UTF-8' };
  return {
    is: 'lacks',
    what,
    text: 'is not set to UTF-8, so signs and names are reduced to ASCII',
    fix: 'export LANG=C.UTF-8',
  };
}

function wrong(what: string, error: unknown): Finding {
  if (error instanceof PersonError) return { is: 'wrong', what, text: error.message, fix: error.hint };
  throw error;
}
