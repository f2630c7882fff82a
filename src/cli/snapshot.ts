import { readFileSync } from 'node:fs';
import type { Snapshot } from '../core/snapshot.ts';
import { PersonError } from '../errors.ts';
import { pathsOf } from '../store/home.ts';
import type { Absence } from '../text/status.ts';
import type { Context } from './context.ts';
import { askDaemon } from './daemon.ts';

/** A snapshot, if there is one, and why it is only a memory if no daemon gave it. */
export type Sight = { readonly snapshot: Snapshot | undefined; readonly absence: Absence | undefined };

/** From the daemon; when none answers, the last one it wrote, if any. */
export async function readSight(context: Context): Promise<Sight> {
  try {
    return { snapshot: asSnapshot(await askDaemon(context, '/api/v1/state')), absence: undefined };
  } catch (error) {
    const absence = absenceOf(error);
    if (absence === undefined) throw error;
    const { readDataFile } = await import('../page/render.ts');
    const text = readText(pathsOf(context.home).pageData);
    const seen = text === undefined ? undefined : readDataFile(text);
    return { snapshot: seen === undefined ? undefined : asSnapshot(seen), absence };
  }
}

/** As `readSight`, for commands that can do nothing without a snapshot. */
export async function needSight(context: Context): Promise<Sight & { readonly snapshot: Snapshot }> {
  const { snapshot, absence } = await readSight(context);
  if (snapshot !== undefined) return { snapshot, absence };
  throw new PersonError(
    'DAEMON_NOT_RUNNING',
    `The daemon is ${absence} for ${context.home}, and has left no data there.`,
    absence === 'not answering' ? 'If it stays so: jarvis-health restart' : 'Start it: jarvis-health start',
  );
}

export function asSnapshot(seen: unknown): Snapshot {
  if (isSnapshot(seen)) return seen;
  throw new PersonError(
    'INTERNAL',
    'The daemon answers in another form than this command reads.',
    'One of them is of another version: jarvis-health restart',
  );
}

// The writer is our own daemon in a folder only its owner can write to: what is checked is the version, not the honesty.
function isSnapshot(seen: unknown): seen is Snapshot {
  if (typeof seen !== 'object' || seen === null) return false;
  const keys = ['verdict', 'targets', 'incidents', 'daemon', 'holds', 'silences', 'alerts', 'found', 'host'];
  return 'schema' in seen && seen.schema === 1 && keys.every((key) => key in seen);
}

function absenceOf(error: unknown): Absence | undefined {
  if (!(error instanceof PersonError)) return undefined;
  if (error.code === 'DAEMON_NOT_RUNNING') return 'not running';
  return error.code === 'DAEMON_SILENT' ? 'not answering' : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
