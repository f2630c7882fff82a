import { mkdirSync, readdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../core/types.ts';
import { PersonError } from '../errors.ts';
import { errnoOf, isMissing, wordsOf } from './errno.ts';

export type LockIdentity = ProcessIdentity & { readonly bootId: string };

export type LockOptions = {
  readonly self: LockIdentity;
  /** Whether exactly this process still runs: same pid and same start. Only asked for processes of this boot. */
  readonly isAlive: (identity: LockIdentity) => boolean | Promise<boolean>;
};

export type Lock = { release(): void };

type Holder = { readonly generation: number; readonly text: string };

const RELEASED = 'released';

/**
 * Makes this process the one writer of a home folder; `folder` is `pathsOf(home).lock`. Throws DAEMON_RUNNING when a
 * living process holds it. A holder that died, or whose pid now is another process, cannot keep it.
 *
 * The lock is the highest number in its folder, a symbolic link whose target names the holder. symlink(2) makes name
 * and content in one step and fails when the name exists, and a short target needs no block, so it works on a full
 * disk. A dead holder n is followed by making n + 1: of all who saw it die, one succeeds. A number is only removed by
 * who holds a higher one, so a late contender that made an old number again sees the higher one and lets go.
 */
export async function acquireLock(folder: string, options: LockOptions): Promise<Lock> {
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const mine = encode(options.self);
  for (;;) {
    const held = highest(folder);
    const holder = held === undefined ? undefined : decode(held.text);
    if (holder !== undefined && holder.bootId === options.self.bootId && (await options.isAlive(holder))) {
      throw running(folder, holder.pid);
    }
    const generation = (held?.generation ?? 0) + 1;
    if (!make(folder, generation, mine)) continue;
    if (highest(folder)?.generation !== generation) {
      remove(folder, generation);
      continue;
    }
    removeBelow(folder, generation);
    return { release: () => release(folder, { generation, text: mine }) };
  }
}

/** Who holds the lock, dead or alive; `undefined` when nobody does. */
export function readLock(folder: string): LockIdentity | undefined {
  const held = highest(folder);
  return held === undefined ? undefined : decode(held.text);
}

function release(folder: string, own: Holder): void {
  const held = highest(folder);
  if (held?.generation !== own.generation || held.text !== own.text) return;
  try {
    make(folder, own.generation + 1, RELEASED);
    removeBelow(folder, own.generation + 1);
  } catch {
    // A disk gone read-only: we end anyway, and a dead holder cannot keep the lock.
  }
}

function make(folder: string, generation: number, text: string): boolean {
  try {
    symlinkSync(text, join(folder, String(generation)));
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw new PersonError('HOME_NOT_WRITABLE', `${folder}: ${wordsOf(error)}`, 'Free some space or mount it writable.');
  }
}

function highest(folder: string): Holder | undefined {
  for (;;) {
    const generation = Math.max(0, ...generationsIn(folder));
    if (generation === 0) return undefined;
    try {
      return { generation, text: readlinkSync(join(folder, String(generation))) };
    } catch (error) {
      // Removed since, so there is a higher one: look again. Anything but a link is nobody's lock.
      if (!isMissing(error)) return { generation, text: '' };
    }
  }
}

function generationsIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{1,15}$/.test(name))
      .map(Number);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function removeBelow(folder: string, generation: number): void {
  for (const old of generationsIn(folder)) if (old < generation) remove(folder, old);
}

/** A lower number that cannot be removed does no harm: only the highest counts. */
function remove(folder: string, generation: number): void {
  try {
    unlinkSync(join(folder, String(generation)));
  } catch {}
}

function encode({ pid, startToken, bootId }: LockIdentity): string {
  return [pid, startToken, bootId].map(encodeURIComponent).join(' ');
}

function decode(text: string): LockIdentity | undefined {
  const [pid = '', startToken, bootId] = text.split(' ').map(decodeQuietly);
  if (startToken === undefined || bootId === undefined || !/^\d+$/.test(pid)) return undefined;
  return { pid: Number(pid), startToken, bootId };
}

/** A text that we did not write names nobody. */
function decodeQuietly(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function running(folder: string, pid: number): PersonError {
  return new PersonError(
    'DAEMON_RUNNING',
    `A daemon already runs for this home folder, as process ${pid} (${folder}).`,
    'See how it is: jarvis-health status. End it: jarvis-health stop.',
  );
}
