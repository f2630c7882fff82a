import * as v from 'valibot';
import type { Alert } from '../core/state.ts';
import { AlertSchema } from './alert-schema.ts';
import { parseWith } from './parse-with.ts';

/** `published`: it is known to have been in alert-pending.json, so when it is not there any more, someone took it. */
type Pending = { readonly alert: Alert; readonly published: boolean };

export type TakenAlert = Alert & { readonly takenAt: number; readonly by: string; readonly receipt?: string };

/** The daemon's own record of the queue; alert-pending.json is what it shows to others. */
export type Queue = {
  readonly version: 1;
  /** The file it was last shown in. */
  readonly file: string;
  /** Oldest first. */
  readonly pending: readonly Pending[];
  /** Newest last, bounded; the audit has all of them. */
  readonly taken: readonly TakenAlert[];
};

export const EMPTY_QUEUE: Queue = { version: 1, file: '', pending: [], taken: [] };

const QueueSchema = v.object({
  version: v.literal(1),
  file: v.string(),
  pending: v.array(v.object({ alert: AlertSchema, published: v.boolean() })),
  taken: v.array(
    v.object({ ...AlertSchema.entries, takenAt: v.number(), by: v.string(), receipt: v.exactOptional(v.string()) }),
  ),
});

export const parseQueue = parseWith<Queue>(QueueSchema);

const KEEP_TAKEN = 200;

type Taking = { readonly at: number; readonly by: string; readonly receipt?: string | undefined };

function isKnown(queue: Queue, id: string): boolean {
  return queue.pending.some(({ alert }) => alert.id === id) || queue.taken.some((alert) => alert.id === id);
}

/**
 * Adds an alert unless its id is known, so that adding again after a crash does no harm. A full queue loses its oldest
 * reminder, else its oldest notice of recovery, else its oldest entry; `dropped` says which.
 */
export function withAlert(
  queue: Queue,
  alert: Alert,
  options: { readonly max: number; readonly at: number; readonly published?: boolean },
): { readonly queue: Queue; readonly dropped: readonly Alert[] } {
  if (isKnown(queue, alert.id)) return { queue, dropped: [] };
  let next: Queue = { ...queue, pending: [...queue.pending, { alert, published: options.published ?? false }] };
  const dropped: Alert[] = [];
  while (next.pending.length > options.max) {
    const others = next.pending.slice(0, -1).map((entry) => entry.alert);
    const byKind = (kind: Alert['kind']) => others.find((other) => other.kind === kind);
    const victim = byKind('reminder') ?? byKind('resolved') ?? others[0];
    if (victim === undefined) break;
    dropped.push(victim);
    next = withoutAlerts(next, [victim.id], { at: options.at, by: 'nobody: the queue was full' });
  }
  return { queue: next, dropped };
}

/** Moves alerts from pending to taken. */
export function withoutAlerts(queue: Queue, ids: readonly string[], { at, by, receipt }: Taking): Queue {
  const leaving = new Set(ids);
  const taken = queue.pending
    .filter(({ alert }) => leaving.has(alert.id))
    .map(({ alert }) => ({ ...alert, takenAt: at, by, ...(receipt !== undefined && { receipt }) }));
  if (taken.length === 0) return queue;
  return {
    ...queue,
    pending: queue.pending.filter(({ alert }) => !leaving.has(alert.id)),
    // All of one taking are kept, however many: a receipt must give back the whole of it.
    taken: [...queue.taken, ...taken].slice(-Math.max(KEEP_TAKEN, taken.length)),
  };
}

/** What others did to alert-pending.json: entries that are gone were taken, entries we do not know are taken in. */
export function withSeen(
  queue: Queue,
  seen: readonly Alert[],
  options: { readonly max: number; readonly at: number },
): { readonly queue: Queue; readonly dropped: readonly Alert[] } {
  const there = new Set(seen.map((alert) => alert.id));
  const gone = queue.pending.filter(({ alert, published }) => published && !there.has(alert.id));
  let next = withoutAlerts(
    queue,
    gone.map(({ alert }) => alert.id),
    { at: options.at, by: 'outside' },
  );
  const dropped: Alert[] = [];
  for (const alert of seen) {
    const added = withAlert(next, alert, { ...options, published: true });
    next = added.queue;
    dropped.push(...added.dropped);
  }
  return { queue: next, dropped };
}

export function allPublished(queue: Queue): Queue {
  if (queue.pending.every(({ published }) => published)) return queue;
  return { ...queue, pending: queue.pending.map(({ alert }) => ({ alert, published: true })) };
}

/** A queue that is to be shown in another file than before: what is missing there was not taken, it never was there. */
export function shownAt(queue: Queue, file: string): Queue {
  if (queue.file === file) return queue;
  return { ...queue, file, pending: queue.pending.map(({ alert }) => ({ alert, published: false })) };
}

export function idsOf(queue: Queue): readonly string[] {
  return queue.pending.map(({ alert }) => alert.id);
}

/** What was taken with this receipt before. */
export function alreadyTaken(queue: Queue, receipt: string | undefined): readonly Alert[] {
  if (receipt === undefined) return [];
  return queue.taken
    .filter((alert) => alert.receipt === receipt)
    .map(({ takenAt: _at, by: _by, receipt: _receipt, ...alert }) => alert);
}
