import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { State } from '../core/state.ts';
import { type ErrorCode, PersonError } from '../errors.ts';
import { type Audit, openAudit } from './audit.ts';
import { sweepTemporaries } from './durable-file.ts';
import { isNoRoom, wordsOf } from './errno.ts';
import { type History, openHistory } from './history.ts';
import type { Home } from './home.ts';
import type { Notice } from './notice.ts';
import { openPendingAlerts, type PendingAlerts, type PendingAlertsOptions } from './pending-alerts.ts';
import { openReserve } from './reserve.ts';
import { openState } from './state.ts';

export type StoreOptions = {
  /** From `openHome`, with its lock held: there is one writer. */
  readonly home: Home;
  /** Wall time in ms. */
  readonly clockNow: () => number;
  readonly onNotice?: (notice: Notice) => void;
  /** `alerts.pendingFile` of the config: absolute, or relative to the home folder. */
  readonly pendingFile?: string;
  /** Told when the disk is full (the reserve is given up), and when it no longer is. */
  readonly onDiskFull?: (full: boolean) => void;
  /** Called whenever a write found no room: cuts short what else grows on this disk. Must not throw. */
  readonly makeRoom?: () => void;
  readonly historyMaxBytes?: number;
  readonly reserveBytes?: number;
};

/** Everything the daemon remembers. What is rejected is a PersonError with the code SAVE_FAILED. */
export type Store = {
  /** As it was on disk when the store was opened. */
  readonly state: State;
  /** Resolves when this state or a newer one survives a power cut; callers may be many, writes are few. */
  saveState(state: State): Promise<void>;
  readonly alerts: PendingAlerts;
  readonly audit: Audit;
  readonly history: History;
  /** What the store has to say about itself now, oldest first, at most twenty. */
  notices(): readonly Notice[];
  /** Whether the reserve is given up, or could not be made. */
  isDiskFull(): boolean;
  /** Why the last state could not be saved, or `undefined` when it was: for /readyz. */
  trouble(): string | undefined;
  /** To be called once a minute: makes the reserve again, looks at the alert file, flushes and sums up the history. */
  upkeep(): Promise<void>;
  close(): Promise<void>;
};

const KEEP_NOTICES = 20;

export async function openStore(options: StoreOptions): Promise<Store> {
  const { home, clockNow } = options;
  const { paths } = home;
  let notices: readonly Notice[] = [];
  let trouble: string | undefined;
  let saved: Promise<unknown> = Promise.resolve();

  function tell(notice: Notice): void {
    const others = notices.filter(({ code, text }) => code !== notice.code || text !== notice.text);
    notices = [...others, notice].slice(-KEEP_NOTICES);
    options.onNotice?.(notice);
  }
  const say = (code: ErrorCode, text: string) => tell({ at: clockNow(), code, text });

  for (const folder of [home.path, paths.run, paths.history]) await sweepTemporaries(folder);

  let saidDropped = false;
  const history = openHistory({
    folder: paths.history,
    ...(options.historyMaxBytes !== undefined && { maxBytes: options.historyMaxBytes }),
    onDropped: (points) => {
      if (!saidDropped)
        say('HISTORY_DROPPED', `${points} points of the history, and what follows, could not be written.`);
      saidDropped = true;
    },
  });

  const reserve = await openReserve({
    path: paths.reserve,
    ...(options.reserveBytes !== undefined && { bytes: options.reserveBytes }),
    ...(options.makeRoom !== undefined && { makeRoom: options.makeRoom }),
    lastResort: history.dropPoints,
    onChange: (degraded) => {
      history.pause(degraded);
      options.onDiskFull?.(degraded);
      if (degraded) say('DISK_FULL', `The disk of ${home.path} is full: state and alerts are kept, history is not.`);
      else {
        saidDropped = false;
        notices = notices.filter(({ code }) => code !== 'DISK_FULL' && code !== 'HISTORY_DROPPED');
      }
    },
  });
  const { room } = reserve;

  const document = await reading(paths.state, () => openState(paths, { nowMs: clockNow(), room }));
  for (const notice of document.notices) tell(notice);

  const audit = await reading(paths.audit, () =>
    openAudit({ path: paths.audit, room, onDamage: (text) => say('AUDIT_DAMAGED', text) }, clockNow()),
  );
  const append: Audit['append'] = (entry, nowMs) => saving(paths.audit, () => audit.append(entry, nowMs));

  const pendingFile = resolve(home.path, options.pendingFile ?? paths.alertPending);
  const opening: PendingAlertsOptions = {
    path: pendingFile,
    queuePath: paths.alertQueue,
    clockNow,
    room,
    ...((await sameDisk(dirname(pendingFile), home.path)) && { fileRoom: room }),
    onNotice: tell,
    onTaken: (taken) => {
      for (const alert of taken) {
        const { id, target, incident, by, takenAt } = alert;
        const text = `Alert ${id} was taken by ${by}.`;
        const line = append({ kind: 'alert-taken', text, target, incident, by, details: { alert } }, takenAt);
        line.catch((error: unknown) => say('SAVE_FAILED', wordsOf(error)));
      }
    },
  };
  const alerts = await reading(opening.queuePath, () => openPendingAlerts(opening));

  function saveState(state: State): Promise<void> {
    const mine = saving(paths.state, () => document.save(state)).then(
      () => {
        trouble = undefined;
      },
      (error: unknown) => {
        trouble = wordsOf(error);
        throw error;
      },
    );
    saved = mine.catch(() => undefined);
    return mine;
  }

  async function upkeep(): Promise<void> {
    await reserve.replenish();
    await alerts.refresh().catch((error: unknown) => say('SAVE_FAILED', wordsOf(error)));
    // A history that cannot be summed up now is summed up later.
    await history.rollUp(clockNow()).catch(() => undefined);
  }

  async function close(): Promise<void> {
    await saved;
    await history.flush();
  }

  return {
    state: document.value,
    saveState,
    alerts: {
      ...alerts,
      add: (alert) => saving(paths.alertQueue, () => alerts.add(alert)),
      take: (by, receipt) => saving(paths.alertQueue, () => alerts.take(by, receipt)),
      ack: (id, by) => saving(paths.alertQueue, () => alerts.ack(id, by)),
    },
    audit: { append },
    history,
    notices: () => notices,
    isDiskFull: reserve.degraded,
    trouble: () => trouble,
    upkeep,
    close,
  };
}

/** Giving up our own for a disk that is not ours would help nobody. */
async function sameDisk(folder: string, home: string): Promise<boolean> {
  const [there, here] = await Promise.all([stat(folder).catch(() => undefined), stat(home)]);
  return there === undefined || there.dev === here.dev;
}

async function saving<R>(path: string, task: () => Promise<R>): Promise<R> {
  return withWords(`${path} could not be saved`, task);
}

async function reading<R>(path: string, task: () => Promise<R>): Promise<R> {
  return withWords(`${path} could not be opened`, task);
}

async function withWords<R>(what: string, task: () => Promise<R>): Promise<R> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof PersonError) throw error;
    const next = isNoRoom(error) ? 'Free some space on that disk.' : 'See whether the disk is well and writable.';
    throw new PersonError('SAVE_FAILED', `${what}: ${wordsOf(error)}.`, next);
  }
}
