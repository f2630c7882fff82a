import { AUDIT_FILES } from './audit.ts';
import { auditFiles, splitLines } from './audit-line.ts';
import { readBounded } from './durable-file.ts';

/** What one line of the audit says. `at`: wall time in ms. */
export type AuditRecord = {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly target?: string;
  readonly incident?: string;
};

/** Every line of the audit since a moment, oldest first; what is no line of ours gives nothing. Locks and mends nothing. */
export async function readAudit(path: string, since: number, files: number = AUDIT_FILES): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (const file of auditFiles(path, files).toReversed()) {
    const bytes = await readBounded(file, Number.MAX_SAFE_INTEGER);
    if (bytes === undefined) continue;
    for (const line of splitLines(bytes).lines) {
      const record = recordIn(line);
      if (record !== undefined && record.at >= since) records.push(record);
    }
  }
  return records;
}

function recordIn(line: Buffer): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (typeof value !== 'object' || value === null || !('at' in value && 'kind' in value && 'text' in value)) return;
    const { at, kind, text } = value;
    if (typeof at !== 'number' || typeof kind !== 'string' || typeof text !== 'string') return undefined;
    const target = 'target' in value && typeof value.target === 'string' ? { target: value.target } : {};
    const incident = 'incident' in value && typeof value.incident === 'string' ? { incident: value.incident } : {};
    return { at, kind, text, ...target, ...incident };
  } catch {
    return undefined;
  }
}
