import type { CheckId } from '../core/types.ts';
import { appendLines, listSegments, removeSegment, segmentFile } from './history-files.ts';
import { writePoint } from './history-lines.ts';
import { type PastReader, readPast } from './history-past.ts';
import { type HistoryQuery, readDays, readPoints, readQuarters } from './history-read.ts';
import { rollUp } from './history-roll.ts';
import type { HistoryPoint, HistorySlot } from './history-slots.ts';
import { oneAtATime } from './one-at-a-time.ts';

export type History = {
  /** Remembers a look: at once when its status is new, else at most once a minute a check. Never throws, never waits. */
  append(point: HistoryPoint): void;
  /** Points of at most the last 48 h, oldest first. */
  points(query: HistoryQuery): Promise<readonly HistoryPoint[]>;
  /** Slots that overlap the range, oldest first; `15min` reaches back 30 days, `day` (days of the host's calendar) 400. */
  read(query: HistoryQuery & { readonly resolution: '15min' | 'day' }): Promise<readonly HistorySlot[]>;
  /**
   * Hands the past over to `reader`, a little at a time (`readPast`), and returns from when on nothing is written as
   * days yet. Rejects when the folder cannot be read.
   */
  past(nowMs: number, reader: PastReader): Promise<number>;
  /** Writes what is buffered. */
  flush(): Promise<void>;
  /** Sums up complete hours and days and removes what is too old or too much; cheap when nothing is due. */
  rollUp(nowMs: number): Promise<void>;
  /** On a full disk: writes nothing more (and forgets what comes) until told otherwise. */
  pause(paused: boolean): void;
  /** Removes all points, to make room; 15-minute slots and days stay. */
  dropPoints(): Promise<void>;
};

export type HistoryOptions = {
  readonly folder: string;
  readonly maxBytes?: number;
  /** Told how many points could not be written. */
  readonly onDropped?: (points: number) => void;
};

const BUFFER_POINTS = 500;
const BUFFER_MS = 60_000;
const THIN_MS = 60_000;

/**
 * The history: good to have, never in the way. A crash loses at most what is buffered (a minute, or 500 points), and
 * no failure of it reaches the caller of `append`.
 */
export function openHistory(options: HistoryOptions): History {
  const { folder, maxBytes = 50_000_000, onDropped = () => undefined } = options;
  const inTurn = oneAtATime();
  const lastKept = new Map<CheckId, HistoryPoint>();
  let buffer: HistoryPoint[] = [];
  let paused = false;

  function append(point: HistoryPoint): void {
    const last = lastKept.get(point.check);
    const isOld = last !== undefined && point.at >= last.at && point.at - last.at < THIN_MS;
    if (isOld && last.status === point.status) return;
    lastKept.set(point.check, point);
    buffer.push(point);
    const heldMs = point.at - (buffer[0]?.at ?? point.at);
    if (buffer.length >= BUFFER_POINTS || heldMs >= BUFFER_MS || heldMs < 0) void flush();
  }

  async function write(): Promise<void> {
    const points = buffer;
    buffer = [];
    if (points.length === 0) return;
    try {
      if (paused) throw new Error('paused');
      const files = new Map<string, string>();
      for (const point of points) {
        const file = segmentFile(folder, 'raw', point.at);
        files.set(file, (files.get(file) ?? '') + writePoint(point));
      }
      for (const [file, lines] of files) await appendLines(file, lines);
    } catch {
      onDropped(points.length);
    }
  }

  function flush(): Promise<void> {
    return inTurn(write);
  }

  return {
    append,
    // In turn, so that points on their way from the buffer to a file are not missed.
    points: (query) => inTurn(() => readPoints({ folder, buffer }, query)),
    read: ({ resolution, ...query }) =>
      inTurn(() => (resolution === 'day' ? readDays : readQuarters)({ folder, buffer }, query)),
    past: (nowMs, reader) =>
      inTurn(async () => {
        // After a long absence what was left is summed up first: it is far more to read otherwise.
        await rollUp(folder, nowMs, maxBytes).catch(() => undefined);
        return await readPast({ folder, buffer }, nowMs, reader);
      }),
    flush,
    rollUp: (nowMs) =>
      inTurn(async () => {
        await write();
        await rollUp(folder, nowMs, maxBytes);
      }),
    pause: (next) => {
      paused = next;
    },
    dropPoints: () =>
      inTurn(async () => {
        for (const segment of await listSegments(folder)) if (segment.grain === 'raw') await removeSegment(segment);
      }),
  };
}
