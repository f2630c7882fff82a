import { setTimeout as pause } from 'node:timers/promises';
import { PersonError } from '../errors.ts';
import { bootId } from '../host/boot-id.ts';
import { monotonicMs } from '../host/clock.ts';
import { lookAt } from '../host/processes.ts';
import { stopProcess } from '../host/stop-process.ts';
import { namePlace, type Place } from '../install/place.ts';
import { pathsOf } from '../store/home.ts';
import { type LockIdentity, readLock } from '../store/lock.ts';
import { clean } from '../text/clean.ts';
import type { Context } from './context.ts';
import { at, tellDaemon, textOf } from './daemon.ts';
import { openProgress } from './progress.ts';
import { installedFor, stopUnit } from './supervised.ts';

/** Beyond what it has said it needs for a recovery under way. */
const ORDERLY_WITHIN_MS = 30_000;
/** It waits so long for an action that outlives its time (src/effects.ts). */
const HANGS_MS = 60_000;
const TERM_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 25;

export async function run(context: Context): Promise<number> {
  const installed = await installedFor(context);
  // First the unit: it would start again what is ended behind its back.
  const byUnit = installed !== undefined && (await stopUnit(context, installed));
  const own = await stopDaemon(context);
  const did = byUnit && !own.ended ? { ended: true, text: stoppedBy(installed.place) } : own;
  if (context.json) context.outJson({ stopped: did.ended, text: did.text });
  else context.out(`${did.text}\n`);
  return 0;
}

function stoppedBy(place: Place): string {
  const next = place.scope === 'user' && place.kind === 'launchd' ? 'login' : 'boot';
  return `The ${namePlace(place)} has ended the daemon. It starts again at the next ${next}, or with: jarvis-health start`;
}

/** Ends the daemon: asks it, and when it does not listen ends its process, which the lock names beyond doubt. */
export async function stopDaemon(context: Context): Promise<{ readonly ended: boolean; readonly text: string }> {
  const holder = livingHolder(context);
  const asked = await askToStop(context);
  if (holder === undefined) {
    if (asked !== undefined)
      throw new PersonError(
        'INTERNAL',
        'The daemon was asked to end, but holds no lock to see it by.',
        'See: jarvis-health status',
      );
    return { ended: false, text: 'No daemon runs for this home folder.' };
  }
  const busyMs = asked?.withinMs ?? 0;
  if (asked !== undefined && busyMs > 0) context.say(clean(asked.text, 2000));
  const progress = openProgress(context, 'Stopping');
  const withinMs = ORDERLY_WITHIN_MS + (busyMs > 0 ? busyMs + HANGS_MS : 0);
  try {
    if (asked !== undefined && (await goneWithin(holder, withinMs)))
      return { ended: true, text: `The daemon (process ${holder.pid}) has ended in order.` };
    return { ended: true, text: await endProcess(holder, asked && withinMs) };
  } finally {
    progress.end();
  }
}

async function endProcess(holder: LockIdentity, waitedMs: number | undefined): Promise<string> {
  const why =
    waitedMs === undefined ? 'did not answer' : `did not end within ${Math.round(waitedMs / 1000)} s of being asked`;
  const beganAt = monotonicMs();
  const outcome = await stopProcess(holder, { graceMs: TERM_WITHIN_MS, group: false });
  const hard = monotonicMs() - beganAt >= TERM_WITHIN_MS;
  switch (outcome) {
    case 'stopped':
      return `The daemon (process ${holder.pid}) ${why}: it was ended with ${hard ? 'SIGTERM and, 10 s later, SIGKILL' : 'SIGTERM'}.`;
    case 'was-gone':
      return `The daemon (process ${holder.pid}) has ended.`;
    case 'not-allowed':
      throw new PersonError(
        'NOT_PERMITTED',
        `The daemon (process ${holder.pid}) ${why}, and may not be ended from here.`,
        'Run this as the user whose daemon it is, outside of it.',
      );
    case 'still-there':
      throw new PersonError(
        'DAEMON_SILENT',
        `The daemon (process ${holder.pid}) ${why}, and not even SIGKILL ended it.`,
        'It waits for a disk that does not answer; only that or a reboot ends it.',
      );
  }
}

/** What it says it waits for; `undefined` when it did not say yes. */
async function askToStop(context: Context): Promise<{ readonly text: string; readonly withinMs: number } | undefined> {
  try {
    const answer = await tellDaemon(context, at('daemon', 'stop'), {}, 3_000);
    const isTimed = typeof answer === 'object' && answer !== null && 'withinMs' in answer;
    return { text: textOf(answer), withinMs: isTimed && typeof answer.withinMs === 'number' ? answer.withinMs : 0 };
  } catch (error) {
    if (error instanceof PersonError && (error.code === 'DAEMON_NOT_RUNNING' || error.code === 'DAEMON_SILENT'))
      return undefined;
    throw error;
  }
}

function livingHolder(context: Context): LockIdentity | undefined {
  const holder = readLock(pathsOf(context.home).lock);
  return holder !== undefined && holder.bootId === bootId() && lookAt(holder) !== 'gone' ? holder : undefined;
}

async function goneWithin(holder: LockIdentity, ms: number): Promise<boolean> {
  const beganAt = monotonicMs();
  while (monotonicMs() - beganAt < ms) {
    if (lookAt(holder) === 'gone') return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}
