import { existsSync } from 'node:fs';
import { loadConfig } from '../config/load.ts';
import { pendingFileOf } from '../config/pending-file.ts';
import type { Alert } from '../core/state.ts';
import { PersonError } from '../errors.ts';
import { bootId } from '../host/boot-id.ts';
import { wallMs } from '../host/clock.ts';
import { lookAt, readProcess } from '../host/processes.ts';
import { openHome, pathsOf } from '../store/home.ts';
import { acquireLock } from '../store/lock.ts';
import { lastShownIn } from '../store/pending-alerts.ts';
import { openStore } from '../store/store.ts';
import type { Context } from './context.ts';

export type Queue = {
  list(all: boolean): Promise<readonly Alert[]>;
  take(): Promise<readonly Alert[]>;
  ack(id: string): Promise<{ readonly ok: true; readonly text: string }>;
};

/**
 * The queue of alerts while no daemon runs: what it had to say must not depend on its being alive. Holds the lock of
 * the home folder meanwhile, so that a daemon that starts now waits for nobody and finds no second writer.
 */
export async function withQueue(context: Context, use: (queue: Queue) => Promise<number>): Promise<number> {
  if (!existsSync(pathsOf(context.home).alertQueue)) return use(emptyQueue);
  const home = openHome(context.home);
  const self = await readProcess(process.pid);
  if (self === undefined) throw new PersonError('INTERNAL', 'This process cannot see itself.', 'Is /proc mounted?');
  const lock = await acquireLock(home.paths.lock, {
    self: { ...self, bootId: bootId() },
    isAlive: (other) => lookAt(other) !== 'gone',
  });
  try {
    const pendingFile = await fileOf(context);
    const store = await openStore({ home, clockNow: wallMs, ...(pendingFile === undefined ? {} : { pendingFile }) });
    const by = 'the command line, while no daemon ran';
    try {
      return await use({
        list: (all) => (all ? store.alerts.all() : store.alerts.pending()),
        take: () => store.alerts.take(by),
        ack: async (id) => {
          const taken = await store.alerts.ack(id, by);
          if (taken === undefined) throw unknown(id);
          return { ok: true, text: `Alert ${id} is taken.` };
        },
      });
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}

/** A config that is wrong must not stand between a person and the alerts: then they stay where they were shown last. */
async function fileOf(context: Context): Promise<string | undefined> {
  try {
    return pendingFileOf(await loadConfig({ home: context.home, file: context.configFile, env: context.env }));
  } catch {
    return await lastShownIn(pathsOf(context.home).alertQueue);
  }
}

const emptyQueue: Queue = {
  list: async () => [],
  take: async () => [],
  ack: async (id) => {
    throw unknown(id);
  },
};

function unknown(id: string): PersonError {
  return new PersonError('ALERT_UNKNOWN', `No alert "${id}" is pending.`, 'See: jarvis-health alerts');
}
