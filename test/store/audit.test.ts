import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditOptions, openAudit } from '../../src/store/audit.ts';
import { verifyAudit } from '../../src/store/audit-verify.ts';
import { NOON } from './samples.ts';
import { scratch } from './scratch.ts';

async function written(path: string, count: number, more: Partial<AuditOptions> = {}): Promise<void> {
  const audit = await openAudit({ path, ...more }, NOON);
  const lines = Array.from({ length: count }, (_, n) =>
    audit.append({ kind: 'test', text: `Did ${n}.`, by: 'me' }, NOON + n),
  );
  await Promise.all(lines);
}

const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('the audit', () => {
  it('is JSON lines that carry the hash of the one before, also across restarts', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 3);
    await written(path, 2);
    const lines = linesOf(path).map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(lines[0]).toMatchObject({ at: NOON, kind: 'test', text: 'Did 0.', by: 'me', prev: '0'.repeat(64) });
    expect(await verifyAudit(path)).toEqual({ ok: true, lines: 5, firstSeq: 1, lastSeq: 5 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps a bounded number of files, and the chain goes on across them', async () => {
    const path = join(scratch(), 'audit.jsonl');
    for (let n = 0; n < 30; n += 1) await written(path, 1, { maxBytes: 600, files: 3 });
    expect(existsSync(`${path}.2`)).toBe(true);
    expect(existsSync(`${path}.3`)).toBe(false);
    for (const file of [path, `${path}.1`, `${path}.2`]) expect(statSync(file).size).toBeLessThanOrEqual(600);
    const report = await verifyAudit(path, 3);
    expect(report).toMatchObject({ ok: true, lastSeq: 30 });
    expect(report.firstSeq).toBeGreaterThan(1);
  });

  it('goes on after a crash in the middle of a rotation', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 3);
    renameSync(path, `${path}.1`);
    await written(path, 2);
    expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: 5 });
  });

  it('removes a last line that a crash left unfinished, wherever it was cut, and says so', async () => {
    const folder = scratch();
    const path = join(folder, 'audit.jsonl');
    await written(path, 3);
    const whole = readFileSync(path);
    const second = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let bytes = second; bytes < whole.length; bytes += 7) {
      writeFileSync(path, whole.subarray(0, bytes));
      const said: string[] = [];
      await written(path, 1, { onDamage: (text) => said.push(text) });
      const cut = bytes > second;
      expect(said).toHaveLength(cut ? 1 : 0);
      expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: cut ? 4 : 3 });
    }
  });

  it('cuts off the details of a line that would be far too long', async () => {
    const path = join(scratch(), 'audit.jsonl');
    const audit = await openAudit({ path }, NOON);
    await audit.append({ kind: 'test', text: 'x'.repeat(1e6), details: { y: 'y'.repeat(1e6) } }, NOON);
    expect(statSync(path).size).toBeLessThan(16_384);
    expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: 1 });
  });

  it('notices while it runs that something else cut or removed it', async () => {
    const path = join(scratch(), 'audit.jsonl');
    const said: string[] = [];
    const audit = await openAudit({ path, onDamage: (text) => said.push(text) }, NOON);
    const append = () => audit.append({ kind: 'test', text: 'Did it.' }, NOON);
    await append();
    await append();
    await append();
    truncateSync(path, linesOf(path).slice(0, 2).join('\n').length + 1);
    await append();
    expect(said).toHaveLength(1);
    expect(await verifyAudit(path)).toMatchObject({ ok: false, firstBad: { line: 3 } });
    rmSync(path);
    await append();
    expect(said).toHaveLength(2);
    expect(linesOf(path)[0]).toContain('audit-changed');
  });
});

describe('verifying the audit', () => {
  it('finds nothing wrong with none', async () => {
    expect(await verifyAudit(join(scratch(), 'audit.jsonl'))).toMatchObject({ ok: true, lines: 0 });
  });

  it('finds lines that were changed, removed, added or reordered, and says where', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 6);
    const [a = '', b = '', c = '', ...rest] = linesOf(path);
    const tampered: readonly (readonly [readonly string[], number])[] = [
      [[a, b.replace('Did 1', 'Did 9'), c, ...rest], 3],
      [[a, c, ...rest], 2],
      [[a, b, b, c, ...rest], 3],
      [[a, c, b, ...rest], 2],
      [[a, b, 'scribble', c, ...rest], 3],
      [[a, `${b}\r`, c, ...rest], 3],
    ];
    for (const [lines, line] of tampered) {
      writeFileSync(path, `${lines.join('\n')}\n`);
      expect(await verifyAudit(path)).toMatchObject({ ok: false, firstBad: { file: 'audit.jsonl', line } });
    }
  });

  it('can not know what stood before the oldest line, but says which that is', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 3);
    writeFileSync(path, `${linesOf(path).slice(1).join('\n')}\n`);
    expect(await verifyAudit(path)).toEqual({ ok: true, lines: 2, firstSeq: 2, lastSeq: 3 });
  });

  it('finds any changed byte before the last line', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 4);
    const whole = readFileSync(path);
    const last = whole.lastIndexOf(0x0a, whole.length - 2);
    await fc.assert(
      fc.asyncProperty(fc.nat(last), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        writeFileSync(path, bytes);
        expect((await verifyAudit(path)).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('takes a last line that is being written for no damage', async () => {
    const path = join(scratch(), 'audit.jsonl');
    await written(path, 2);
    appendFileSync(path, '{"seq":3,"at":');
    expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: 2 });
  });
});
