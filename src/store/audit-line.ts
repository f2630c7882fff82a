import { createHash } from 'node:crypto';

/** What was done or decided, for the record. `details` must be JSON. */
export type AuditEntry = {
  readonly kind: string;
  /** One plain sentence, past tense. */
  readonly text: string;
  readonly target?: string;
  readonly incident?: string;
  /** Who asked for it: `daemon`, `cli`, `page`, or a name that was given. */
  readonly by?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Before the first line there is nothing to have a hash of. */
export const GENESIS = '0'.repeat(64);

const MAX_LINE_BYTES = 16 * 1024;
const NEWLINE = 0x0a;

/** The hash a line is known by: SHA-256 over its bytes as they are in the file, without the newline. */
export function hashOf(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

/** A line without its newline; one that would be too long loses its details and the end of its text. */
export function lineOf(entry: AuditEntry, seq: number, at: number, prev: string): string {
  const line = JSON.stringify({ seq, at, ...entry, prev });
  if (Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  const { details: _tooLong, ...rest } = entry;
  return JSON.stringify({ seq, at, ...rest, text: entry.text.slice(0, 4096), cut: true, prev });
}

export type Split = { readonly lines: readonly Buffer[] /** Bytes after the last newline. */; readonly torn: Buffer };

/** Splits at newlines only: other line ends belong to the text and to its hash. */
export function splitLines(bytes: Buffer): Split {
  const lines: Buffer[] = [];
  let from = 0;
  for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
    lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return { lines, torn: bytes.subarray(from) };
}

/** `seq` and `prev` of a line, or `undefined` when it is not one of ours. */
export function linkOf(line: Uint8Array): { readonly seq: number; readonly prev: string } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    if (typeof value !== 'object' || value === null || !('seq' in value) || !('prev' in value)) return undefined;
    const { seq, prev } = value;
    return typeof seq === 'number' && typeof prev === 'string' ? { seq, prev } : undefined;
  } catch {
    return undefined;
  }
}

/** The files of an audit, newest first: `audit.jsonl`, `audit.jsonl.1`, … */
export function auditFiles(path: string, keep: number): readonly string[] {
  return Array.from({ length: keep }, (_, n) => (n === 0 ? path : `${path}.${n}`));
}
