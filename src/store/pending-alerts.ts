import { readFile } from 'node:fs/promises';
import type { Alert } from '../core/state.ts';
import type { ErrorCode } from '../errors.ts';
import { alertFile } from './alert-file.ts';
import {
  allPublished,
  alreadyTaken,
  EMPTY_QUEUE,
  idsOf,
  parseQueue,
  type Queue,
  shownAt,
  type TakenAlert,
  withAlert,
  withoutAlerts,
  withSeen,
} from './alert-queue.ts';
import { wordsOf } from './errno.ts';
import { openDocument } from './json-document.ts';
import type { Notice } from './notice.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Room } from './reserve.ts';

export type PendingAlertsOptions = {
  /** alert-pending.json, or wherever the config puts it. */
  readonly path: string;
  readonly queuePath: string;
  readonly clockNow: () => number;
  readonly onNotice: (notice: Notice) => void;
  /** Told of each alert that leaves the queue, whoever took it. */
  readonly onTaken?: (alerts: readonly TakenAlert[]) => void;
  readonly room?: Room;
  /** Makes room for `path`, which may lie on another disk. Default: none is made. */
  readonly fileRoom?: Room;
  readonly max?: number;
};

export type PendingAlerts = {
  /** Resolves when the alert survives a power cut. Adding an id again does nothing, pending or taken. */
  add(alert: Alert): Promise<void>;
  /** Removes and returns every pending alert. Asked again with the same receipt, it returns the same ones again. */
  take(by: string, receipt?: string): Promise<readonly Alert[]>;
  /** Removes one; `undefined` when it is not pending. */
  ack(id: string, by: string): Promise<Alert | undefined>;
  /** Oldest first. */
  pending(): Promise<readonly Alert[]>;
  /** Pending ones, then taken ones, newest first. */
  all(): Promise<readonly (Alert | TakenAlert)[]>;
  /** Notices what others did to the file, and writes it if it could not be written before. */
  refresh(): Promise<void>;
};

/**
 * The queue of alerts for the main agent. What is promised, also when the daemon is killed at any moment:
 *
 * - An alert whose `add` resolved is pending or taken from then on; none is lost. It comes out of `take` or `ack` at
 *   most once.
 * - That it was taken is on disk before it is returned. A caller whose answer was cut off finds it under `all`, or
 *   asks again with the same receipt: then nothing is lost on the way either.
 * - Others may work on the file instead: an entry they remove, by rewriting the file whole or by moving or removing it,
 *   is taken. A file that was emptied, cut or garbled says nothing about what was read: it is written again, so an
 *   entry may then be seen twice, but none is lost. A rewrite that falls into the same moment as one of ours may be
 *   undone by it: use `alerts take` or `alerts ack` where that matters.
 */
export async function openPendingAlerts(options: PendingAlertsOptions): Promise<PendingAlerts> {
  const { clockNow, max = 500 } = options;
  const room: Room = options.room ?? ((task) => task());
  const fileRoom: Room = options.fileRoom ?? ((task) => task());
  const file = alertFile(options.path);
  const inTurn = oneAtATime();
  const document = await openDocument<Queue>({
    path: options.queuePath,
    initial: EMPTY_QUEUE,
    parse: parseQueue,
    nowMs: clockNow(),
    room,
  });
  let queue = shownAt(document.value, options.path);
  let shown = false;
  for (const notice of document.notices) options.onNotice(notice);
  await change((before) => before);

  /** Takes in what others did, applies `step`, saves, and then shows it. Fails only when it could not be saved. */
  function change(step: (before: Queue) => Queue): Promise<Queue> {
    return inTurn(async () => {
      const before = await lookOutside();
      const after = step(before);
      if (after !== queue) await document.save(after);
      if (idsOf(queue).join('\n') !== idsOf(after).join('\n')) shown = false;
      const taken = after.taken.filter((alert) => !queue.taken.includes(alert));
      queue = after;
      if (taken.length > 0) options.onTaken?.(taken);
      await show();
      return before;
    });
  }

  async function lookOutside(): Promise<Queue> {
    const at = clockNow();
    const seen = await file.look(at);
    if (seen.is === 'as we left it') return queue;
    shown = false;
    if (seen.is === 'damaged') {
      say('FILE_SET_ASIDE', `${seen.text}; it was written again, an alert in it may be seen twice.`);
      return queue;
    }
    if (seen.notOurs > 0)
      say('FILE_SET_ASIDE', `${seen.notOurs} entries of the alert file were no alerts and left out.`);
    const { queue: next, dropped } = withSeen(queue, seen.alerts, { max, at });
    sayDropped(dropped);
    return next;
  }

  /** Trouble here is not the caller's: the alert is safe, and `refresh` tries again. */
  async function show(): Promise<void> {
    if (shown) return;
    try {
      await fileRoom(() => file.write(queue.pending.map(({ alert }) => alert)));
      shown = true;
      const published = allPublished(queue);
      if (published === queue) return;
      await document.save(published);
      queue = published;
    } catch (error) {
      say('SAVE_FAILED', `The pending alerts could not be written to ${options.path}: ${wordsOf(error)}.`);
    }
  }

  function say(code: ErrorCode, text: string): void {
    options.onNotice({ at: clockNow(), code, text });
  }

  function sayDropped(dropped: readonly Alert[]): void {
    if (dropped.length === 0) return;
    const names = dropped.map((alert) => `${alert.id} (${alert.kind}, ${alert.title})`).join(', ');
    say('ALERTS_DROPPED', `More than ${max} alerts are pending; the oldest of least weight went: ${names}.`);
  }

  async function add(alert: Alert): Promise<void> {
    await change((before) => {
      const { queue: after, dropped } = withAlert(before, alert, { max, at: clockNow() });
      sayDropped(dropped);
      return after;
    });
  }

  async function take(by: string, receipt?: string): Promise<readonly Alert[]> {
    const before = await change((now) => {
      if (alreadyTaken(now, receipt).length > 0) return now;
      return withoutAlerts(now, idsOf(now), { at: clockNow(), by, receipt });
    });
    const again = alreadyTaken(before, receipt);
    return again.length > 0 ? again : before.pending.map(({ alert }) => alert);
  }

  async function ack(id: string, by: string): Promise<Alert | undefined> {
    const before = await change((now) => withoutAlerts(now, [id], { at: clockNow(), by }));
    return before.pending.find(({ alert }) => alert.id === id)?.alert;
  }

  async function refresh(): Promise<void> {
    await change((now) => now);
  }

  async function pending(): Promise<readonly Alert[]> {
    await refresh();
    return queue.pending.map(({ alert }) => alert);
  }

  async function all(): Promise<readonly (Alert | TakenAlert)[]> {
    return [...(await pending()), ...queue.taken.toReversed()];
  }

  return { add, take, ack, pending, all, refresh };
}

/** The file in which the queue was shown last; `undefined` when it was never shown, or cannot be read. */
export async function lastShownIn(queuePath: string): Promise<string | undefined> {
  try {
    const queue = parseQueue(JSON.parse(await readFile(queuePath, 'utf8')));
    return queue.ok && queue.value.file !== '' ? queue.value.file : undefined;
  } catch {
    return undefined;
  }
}
