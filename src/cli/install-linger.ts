import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PersonError } from '../errors.ts';
import { monotonicMs } from '../host/clock.ts';
import { type InstallHost, lingers } from '../install/host.ts';
import { perform } from '../install/perform.ts';
import type { Place } from '../install/place.ts';
import { seeInstalled } from '../install/sight.ts';
import { run, type Step } from '../install/steps.ts';
import { askPerson } from './ask-person.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

const MANAGER_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

export function lingerStep({ user }: InstallHost): Step {
  return run(['loginctl', '--no-ask-password', 'enable-linger', user], {
    next: `sudo loginctl enable-linger ${user}`,
  });
}

/** Whether the user's services are to run without a login (loginctl(1)): by an option, or because a person says so. */
export async function agreeLinger(
  context: Context,
  host: InstallHost,
  place: Place,
  options: Options,
): Promise<boolean> {
  if (place.kind !== 'systemd' || place.scope !== 'user' || lingers(host)) return false;
  if (options.linger === true || options.yes === true) return true;
  if (options.dryRun === true) return false;
  if (!context.isTerminal) return false;
  context.say(
    'Without lingering, the daemon and the services it starts end when you log out, and start when you log in.',
  );
  return (
    (await askPerson(context, `Let your services (user ${host.user}) run from boot on, without a login?`, false)) ??
    false
  );
}

/** When the host starts it, in words. */
export function startsWhen(host: InstallHost, place: Place): string {
  const byLogin = place.scope === 'user' && (place.kind === 'launchd' || !lingers(host));
  return byLogin ? 'when you log in' : 'at boot';
}

export function lingerNote(host: InstallHost, place: Place): readonly string[] {
  if (place.kind !== 'systemd' || place.scope !== 'user' || lingers(host)) return [];
  return [`It ends when you log out. To have it from boot on: loginctl enable-linger ${host.user}`];
}

/** What sd_booted(3) asks. In a container nothing that is asked or enabled would bring up a systemd. */
const BOOTED = '/run/systemd/system';

/** Throws SUPERVISOR_MISSING where no systemd runs the host. */
export function assertBooted(place: Place, isBooted = existsSync(BOOTED)): void {
  if (place.kind === 'launchd' || isBooted) return;
  throw new PersonError(
    'SUPERVISOR_MISSING',
    'systemd does not run this host.',
    'Start it by what starts programs here: jarvis-health start --foreground',
  );
}

/** For `--dry-run`, which tells the plan all the same. */
export function unbootedNote(place: Place): readonly string[] {
  return place.kind === 'launchd' || existsSync(BOOTED)
    ? []
    : ['systemd does not run this host, so install would refuse. Here: jarvis-health start --foreground'];
}

/** Throws SUPERVISOR_MISSING unless lingering brings up the manager that does not answer. */
export async function withUserManager(host: InstallHost, place: Place, linger: boolean): Promise<void> {
  if (place.kind === 'launchd')
    throw new PersonError(
      'SUPERVISOR_MISSING',
      `launchd has no domain ${place.domain}: nobody is logged in at the screen.`,
      'Log in there, or for the whole host: sudo jarvis-health install --system',
    );
  assertBooted(place, place.scope === 'user');
  if (linger) {
    await perform([lingerStep(host)], { run: host.run, stopDaemon: async () => undefined, tell: () => undefined });
    const beganAt = monotonicMs();
    while (monotonicMs() - beganAt < MANAGER_WITHIN_MS) {
      if ((await seeInstalled(place, host.run)).answers) return;
      await pause(LOOK_EVERY_MS);
    }
  }
  throw new PersonError(
    'SUPERVISOR_MISSING',
    `No systemd user manager answers for ${host.user}.`,
    linger
      ? 'Is dbus-user-session installed? Else: sudo jarvis-health install --system'
      : `sudo loginctl enable-linger ${host.user}, then again; or for the whole host: sudo jarvis-health install --system`,
  );
}
