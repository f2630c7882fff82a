import { appendFile, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './errno.ts';

/**
 * `raw`: points, a file an hour; `quarter`: 15-minute slots, a file a day of UTC; `daily`: days, a file of 32 days of UTC.
 */
export type Grain = 'raw' | 'quarter' | 'daily';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const QUARTER_MS = 900_000;
/** A point may come late: what began with the first of three failed looks is known with the third. */
export const SETTLED_MS = 600_000;

const SPAN_MS: Readonly<Record<Grain, number>> = { raw: HOUR_MS, quarter: DAY_MS, daily: 32 * DAY_MS };

/** One file of the history. `summed`: its content is also in the next coarser grain. */
export type Segment = {
  readonly grain: Grain;
  readonly from: number;
  readonly to: number;
  readonly summed: boolean;
  readonly file: string;
};

const NAME = /^(raw|quarter|daily)-(\d{1,13})(\.summed)?\.jsonl$/;

export function spanAt(grain: Grain, at: number): { readonly from: number; readonly to: number } {
  const from = Math.floor(at / SPAN_MS[grain]) * SPAN_MS[grain];
  return { from, to: from + SPAN_MS[grain] };
}

export function segmentFile(folder: string, grain: Grain, at: number, summed = false): string {
  return join(folder, `${grain}-${spanAt(grain, at).from}${summed ? '.summed' : ''}.jsonl`);
}

/** Every segment in the folder, oldest first. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const name of await readdir(folder)) {
    const match = NAME.exec(name);
    const grain = match?.[1] as Grain | undefined;
    if (grain === undefined) continue;
    const span = spanAt(grain, Number(match?.[2]));
    segments.push({ grain, ...span, summed: match?.[3] !== undefined, file: join(folder, name) });
  }
  return segments.sort((a, b) => a.from - b.from);
}

/** Appends whole lines. Not synced: what a power cut takes of the history is not worth a sync a minute. */
export async function appendLines(file: string, lines: string): Promise<void> {
  const gap = (await endsInNewline(file)) ? '' : '\n';
  await appendFile(file, gap + lines, { mode: 0o600 });
}

export async function markSummed(segment: Segment): Promise<void> {
  if (segment.summed) return;
  const summed = segment.file.replace(/\.jsonl$/, '.summed.jsonl');
  // A clock that was set back leads to hours and days that were summed up before: they keep what they had.
  const earlier = await readFile(summed).catch(() => undefined);
  if (earlier !== undefined) await appendFile(segment.file, earlier);
  await rename(segment.file, summed);
}

export async function removeSegment(segment: Segment): Promise<void> {
  await unlink(segment.file).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

export async function sizeOf(segment: Segment): Promise<number> {
  return (await stat(segment.file).catch(() => undefined))?.size ?? 0;
}

/** A crash may have left half a line, which must not swallow the next one. */
async function endsInNewline(file: string): Promise<boolean> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size === 0) return true;
  const opened = await open(file, 'r');
  try {
    const { buffer } = await opened.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === 0x0a;
  } finally {
    await opened.close();
  }
}
