import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AuditEntry, auditFiles, GENESIS, hashOf, lineOf, linkOf, splitLines } from './audit-line.ts';
import { readBounded, syncFolder } from './durable-file.ts';
import { isMissing } from './errno.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Room } from './reserve.ts';

export type AuditOptions = {
  readonly path: string;
  /** Size of one file; with `files` of them kept, the audit takes at most their product. */
  readonly maxBytes?: number;
  readonly files?: number;
  readonly room?: Room;
  /** Told of damage that was found or repaired. It also is in the audit itself. */
  readonly onDamage?: (text: string) => void;
};

export type Audit = {
  /** Resolves when the line survives a power cut. Lines given while one is being written share one write. */
  append(entry: AuditEntry, nowMs: number): Promise<void>;
};

export const AUDIT_FILES = 5;
const AUDIT_FILE_BYTES = 5_000_000;

type Chain = { seq: number; prev: string; size: number };

/**
 * Opens the audit for its one writer: JSON lines, each carrying the hash of the one before, across files. A last line
 * that a crash left unfinished is removed (it was never acknowledged) and a line says so. Whatever else is found
 * wrong stays as it is, for `verifyAudit` to show.
 */
export async function openAudit(options: AuditOptions, nowMs: number): Promise<Audit> {
  const { path, maxBytes = AUDIT_FILE_BYTES, files = AUDIT_FILES, room = (task) => task() } = options;
  const names = auditFiles(path, files);
  const inTurn = oneAtATime();
  let chain = await lastOf(names);
  let waiting: { readonly entry: AuditEntry; readonly at: number }[] = [];

  const torn = await cutTornLine(path);
  if (torn > 0) await note(`The last line was never finished: ${torn} bytes of it were removed.`, nowMs);

  function append(entry: AuditEntry, at: number): Promise<void> {
    waiting.push({ entry, at });
    return inTurn(writeWaiting);
  }

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const [first] = batch;
    if (first === undefined) return;
    try {
      await write(batch);
    } catch (error) {
      // Those behind us in the turn are in this batch too, and must fail with it: so it goes back for them.
      waiting = [...batch.slice(1), ...waiting];
      throw error;
    }
  }

  async function write(batch: readonly { readonly entry: AuditEntry; readonly at: number }[]): Promise<void> {
    const now = batch[0]?.at ?? 0;
    const found = await stat(path).catch(() => undefined);
    const strange = (found?.size ?? 0) !== chain.size;
    const next: Chain = { ...chain, size: found?.size ?? 0 };
    const lines = strange ? [line(next, damage(next.size, chain.size), now)] : [];
    for (const { entry, at } of batch) lines.push(line(next, entry, at));
    const bytes = Buffer.from(lines.join(''));
    if (next.size > 0 && next.size + bytes.length > maxBytes) {
      await room(() => rotate(names));
      next.size = 0;
      chain = { ...chain, size: 0 };
    }
    await room(() => appendWhole(path, bytes, next.size));
    chain = { ...next, size: next.size + bytes.length };
    if (strange) options.onDamage?.('The audit was changed by something else; `audit verify` shows where.');
  }

  function note(text: string, at: number): Promise<void> {
    options.onDamage?.(text);
    return append({ kind: 'audit-repaired', text, by: 'daemon' }, at);
  }

  return { append };
}

function line(chain: Chain, entry: AuditEntry, at: number): string {
  const text = lineOf(entry, chain.seq + 1, at, chain.prev);
  chain.seq += 1;
  chain.prev = hashOf(text);
  return `${text}\n`;
}

function damage(size: number, expected: number): AuditEntry {
  return {
    kind: 'audit-changed',
    text: 'The audit file is not as it was left: something else wrote to it, cut it or removed it.',
    by: 'daemon',
    details: { bytes: size, expectedBytes: expected },
  };
}

/** Appends all of `bytes` or nothing: what a full disk left of them is cut off again. */
async function appendWhole(path: string, bytes: Uint8Array, size: number): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  // A new name must be durable too, or a crash loses the whole file with its acknowledged lines (fsync(2)).
  if (size === 0) await syncFolder(dirname(path));
}

async function rotate(names: readonly string[]): Promise<void> {
  for (let n = names.length - 1; n > 0; n -= 1) {
    const [from, to] = [names[n - 1], names[n]];
    if (from === undefined || to === undefined) continue;
    await rename(from, to).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
}

async function cutTornLine(path: string): Promise<number> {
  const bytes = await readBounded(path, Number.MAX_SAFE_INTEGER);
  if (bytes === undefined) return 0;
  const { torn } = splitLines(bytes);
  if (torn.length === 0) return 0;
  const file = await open(path, 'r+');
  try {
    await file.truncate(bytes.length - torn.length);
    await file.sync();
  } finally {
    await file.close();
  }
  return torn.length;
}

/** Where the chain goes on: after the last whole line of the newest file that has one. */
async function lastOf(names: readonly string[]): Promise<Chain> {
  let size: number | undefined;
  for (const name of names) {
    const bytes = await readBounded(name, Number.MAX_SAFE_INTEGER);
    const { lines, torn } = splitLines(bytes ?? Buffer.alloc(0));
    size ??= (bytes?.length ?? 0) - torn.length;
    const last = lines.at(-1);
    if (last === undefined) continue;
    const known = lines.findLast((candidate) => linkOf(candidate) !== undefined) ?? last;
    return { seq: linkOf(known)?.seq ?? 0, prev: hashOf(last), size };
  }
  return { seq: 0, prev: GENESIS, size: size ?? 0 };
}
