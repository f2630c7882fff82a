import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { PersonError } from '../errors.ts';
import { exec } from '../host/exec.ts';
import { listProcesses, type ProcessFacts } from '../host/processes.ts';
import { type Place, placeOf, type Scope } from './place.ts';
import { type RunCommand, type Sight, seeInstalled } from './sight.ts';

/** The host as an installation sees it: replaced in tests, where a Linux plays a Mac. */
export type InstallHost = {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  readonly user: string;
  /** Where `~` is. */
  readonly homeFolder: string;
  readonly run: RunCommand;
  /** What runs there: retiring a rival may end one of them. */
  readonly processes: () => Promise<readonly ProcessFacts[]>;
  /** This very program, as it was started. */
  readonly program: { readonly node: string; readonly script: string | undefined };
};

export function thisHost(env: NodeJS.ProcessEnv): InstallHost {
  const uid = process.geteuid?.() ?? 0;
  // The user manager answers below it; a shell that came by su(1) or sudo(8) does not know it.
  const runtime = env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`;
  return {
    platform: process.platform,
    uid,
    user: nameOf(uid),
    homeFolder: env['HOME'] || homedir(),
    run: (argv, timeoutMs = 10_000) => exec(argv, { timeoutMs, env: { XDG_RUNTIME_DIR: runtime } }),
    processes: listProcesses,
    program: { node: process.execPath, script: process.argv[1] },
  };
}

function nameOf(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    // No entry in the password file: loginctl and launchd take the number as well.
    return String(uid);
  }
}

export type Installed = { readonly place: Place; readonly sight: Sight };

/** The unit or job that runs the daemon of this home folder, a user's before the system's; `undefined`: nobody does. */
export async function findInstalled(host: InstallHost, home: string): Promise<Installed | undefined> {
  if (host.platform !== 'linux' && host.platform !== 'darwin') return undefined;
  for (const scope of ['user', 'system'] as const) {
    const place = placeFor(host, scope);
    // No file, no unit: most hosts are not asked any further.
    if (!existsSync(place.file)) continue;
    const sight = await seeInstalled(place, host.run);
    if (sight.command?.home === home) return { place, sight };
  }
  return undefined;
}

export function placeFor(host: InstallHost, scope: Scope): Place {
  return placeOf({ ...host, scope });
}

/** Whether the user's own services run without a login (loginctl(1)); only systemd knows such a thing. */
export function lingers({ user }: InstallHost): boolean {
  return existsSync(`/var/lib/systemd/linger/${user}`);
}

/**
 * Where `~` is for a daemon of the whole host. Not HOME: sudo(8) on a Mac leaves that of the caller. Throws USAGE for a
 * user whom the host does not know.
 */
export async function homeFolderFor(host: InstallHost, scope: Scope, user: string): Promise<string> {
  if (scope === 'user') return host.homeFolder;
  // Root is always in the file; others may come from a directory, and only macOS installs for them.
  const line =
    host.platform === 'darwin'
      ? (await host.run(['id', '-P', user])).stdout
      : (readFileSync('/etc/passwd', 'utf8').match(/^root:.*$/m)?.[0] ?? '');
  const folder = line.trim().split(':').at(-2);
  if (folder?.startsWith('/')) return folder;
  throw new PersonError('USAGE', `There is no user ${user} on this host.`, 'See who there is: dscl . -list /Users');
}
