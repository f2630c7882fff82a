import { basename } from 'node:path';
import { AUDIT_FILES } from './audit.ts';
import { auditFiles, GENESIS, hashOf, linkOf, splitLines } from './audit-line.ts';
import { readBounded } from './durable-file.ts';

export type AuditReport = {
  readonly ok: boolean;
  readonly lines: number;
  /** Number of the oldest line that is still kept; more than 1 when older files were rotated away. */
  readonly firstSeq: number | undefined;
  readonly lastSeq: number | undefined;
  readonly firstBad?: { readonly file: string; readonly line: number; readonly why: string };
};

/**
 * Reads the whole audit and checks that every line names the one before. It finds corruption, and lines that were
 * changed, removed, added or reordered. It can not prove: that nothing was cut off at the end, or at the beginning
 * when the oldest files are gone; that someone who may write these files did not compute the whole chain anew; and
 * that what the lines say was true. For those, send the last hash to another machine.
 */
export async function verifyAudit(path: string, files: number = AUDIT_FILES): Promise<AuditReport> {
  let lines = 0;
  let firstSeq: number | undefined;
  let last: { readonly seq: number; readonly hash: string } | undefined;
  const report = () => ({ lines, firstSeq, lastSeq: last?.seq });

  for (const file of auditFiles(path, files).toReversed()) {
    const bytes = await readBounded(file, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined) continue;
    const split = splitLines(bytes);
    for (const [index, line] of split.lines.entries()) {
      const why = troubleOf(line, last);
      if (why !== undefined) {
        return { ok: false, ...report(), firstBad: { file: basename(file), line: index + 1, why } };
      }
      const seq = linkOf(line)?.seq ?? 0;
      firstSeq ??= seq;
      last = { seq, hash: hashOf(line) };
      lines += 1;
    }
    // The newest file may end in a line that is being written right now; an older one may not.
    if (split.torn.length > 0 && file !== path) {
      const why = 'the line is not finished';
      return { ok: false, ...report(), firstBad: { file: basename(file), line: split.lines.length + 1, why } };
    }
  }
  return { ok: true, ...report() };
}

function troubleOf(line: Uint8Array, last: { readonly seq: number; readonly hash: string } | undefined) {
  const link = linkOf(line);
  if (link === undefined) return 'it is not an audit line';
  if (last === undefined) {
    const begins = link.seq === 1 ? link.prev === GENESIS : link.prev !== GENESIS;
    return begins ? undefined : 'it is not how an audit begins';
  }
  if (link.prev !== last.hash) return 'it does not carry the hash of the line before: that one, or this, was changed';
  if (link.seq !== last.seq + 1) return `its number is ${link.seq}, ${last.seq + 1} is next`;
  return undefined;
}
