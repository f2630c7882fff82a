import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PersonError } from '../errors.ts';
import { bootId } from '../host/boot-id.ts';
import { monotonicMs } from '../host/clock.ts';
import { lookAt } from '../host/processes.ts';
import { findInstalled, type Installed, type InstallHost, thisHost } from '../install/host.ts';
import { perform } from '../install/perform.ts';
import { namePlace, type Place } from '../install/place.ts';
import { startSteps, stopSteps } from '../install/plan-install.ts';
import type { Sight } from '../install/sight.ts';
import { pathsOf } from '../store/home.ts';
import { readLock } from '../store/lock.ts';
import type { Context } from './context.ts';
import { openProgress } from './progress.ts';
import { firstSight } from './spawn-daemon.ts';

const LOOKED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

export function installedFor(
  context: Context,
  host: InstallHost = thisHost(context.env),
): Promise<Installed | undefined> {
  return findInstalled(host, context.home);
}

/** Has the unit start the daemon, or start it anew, and waits until it has looked. Returns whether it has. */
export async function startUnit(
  context: Context,
  { place, sight }: Installed,
  options: { readonly anew: boolean; readonly stopDaemon: () => Promise<unknown> },
): Promise<boolean> {
  const beside = daemonBeside(context, sight);
  const steps = startSteps(place, sight, options.anew || beside);
  const doors = { run: thisHost(context.env).run, stopDaemon: options.stopDaemon, tell: () => undefined };
  const progress = openProgress(context, `Starting the ${namePlace(place)}`);
  try {
    await perform(beside ? [{ do: 'stop-daemon' }, ...steps] : steps, doors);
  } catch (error) {
    throw withWhereToLook(error, place, context.home);
  } finally {
    progress.end();
  }
  return awaitLooked(context, place);
}

/** Has the unit end the daemon; false when it was not running. */
export async function stopUnit(context: Context, { place, sight }: Installed): Promise<boolean> {
  if (!sight.active) return false;
  const progress = openProgress(context, `Stopping the ${namePlace(place)}`);
  try {
    const doors = { run: thisHost(context.env).run, stopDaemon: async () => undefined, tell: () => undefined };
    await perform(stopSteps(place), doors);
  } finally {
    progress.end();
  }
  return true;
}

/** True when the daemon has looked at everything once, false when it takes longer. Throws UNIT_NOT_STARTED when it does not answer. */
export async function awaitLooked(context: Context, place: Place): Promise<boolean> {
  const progress = openProgress(context, 'First looks');
  const beganAt = monotonicMs();
  let answered = false;
  try {
    while (monotonicMs() - beganAt < LOOKED_WITHIN_MS) {
      const seen = await firstSight(context);
      answered ||= seen !== undefined;
      if (seen === 'looked') return true;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
  }
  if (answered) return false;
  throw new PersonError(
    'UNIT_NOT_STARTED',
    `The ${namePlace(place)} was started, but no daemon answers.`,
    whereToLook(place, context.home),
  );
}

/** A daemon lives for this home folder, and it is not the one of the unit. */
export function daemonBeside(context: Context, sight: Pick<Sight, 'mainPid'>): boolean {
  const holder = readLock(pathsOf(context.home).lock);
  return (
    holder !== undefined && holder.bootId === bootId() && lookAt(holder) !== 'gone' && holder.pid !== sight.mainPid
  );
}

function whereToLook(place: Place, home: string): string {
  if (place.kind === 'launchd') return `See: tail ${join(home, 'logs', 'daemon.out')}`;
  const user = place.scope === 'user' ? '--user ' : '';
  return `See: journalctl ${user}--unit ${place.name} --lines 20`;
}

function withWhereToLook(error: unknown, place: Place, home: string): unknown {
  if (!(error instanceof PersonError) || error.code !== 'INSTALL_FAILED') return error;
  return new PersonError('UNIT_NOT_STARTED', error.message, whereToLook(place, home));
}
