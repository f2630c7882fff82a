import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHands } from '../../src/host/hands.ts';
import { boundServiceLogs } from '../../src/host/service-logs.ts';
import { fixture, until } from '../fixtures/start.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the logs of services', () => {
  it('are left alone while they are short', async () => {
    writeFileSync(join(folder, 'web.log'), 'short');
    expect(await boundServiceLogs(folder, 1_000)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['web.log']);
    expect(await boundServiceLogs(join(folder, 'none'), 1_000)).toEqual([]);
  });

  it('lose their beginning and keep their end in .1', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) => `line ${n}\n`).join('');
    writeFileSync(join(folder, 'web.log'), lines);
    writeFileSync(join(folder, 'web.log.1'), 'the one before');
    const [bounded] = await boundServiceLogs(folder, 1_000);
    expect(bounded).toMatchObject({ keptBytes: 1_000, droppedBytes: lines.length - 1_000 });
    expect(statSync(join(folder, 'web.log')).size).toBe(0);
    expect(readFileSync(join(folder, 'web.log.1'), 'utf8')).toBe(lines.slice(-1_000));
    expect(readdirSync(folder).sort()).toEqual(['web.log', 'web.log.1']);
  });

  it('are only our own files: no link is followed, no folder entered', async () => {
    const outside = join(folder, 'outside');
    writeFileSync(outside, 'x'.repeat(5_000));
    symlinkSync(outside, join(folder, 'link.log'));
    mkdirSync(join(folder, 'dir.log'));
    expect(await boundServiceLogs(folder, 1_000)).toEqual([]);
    expect(statSync(outside).size).toBe(5_000);
  });

  it('stay bounded under a service that prints for ever, without a hole of zeros', async () => {
    const logFile = join(folder, 'loud.log');
    const argv = [process.execPath, fixture('web.mjs'), '--print-forever'];
    const hands = createHands({ dryRun: false, home: folder });
    const outcome = await hands.startService({ name: 'loud', argv, cwd: folder, env: {}, logFile, settleMs: 50 });
    if (!outcome.started || outcome.process === undefined) throw new Error('not started');
    for (let round = 0; round < 3; round += 1) {
      await until(() => statSync(logFile).size > 1_000_000);
      expect(await boundServiceLogs(folder, 1_000_000)).toHaveLength(1);
      expect(statSync(`${logFile}.1`).size).toBeLessThan(3_000_000);
    }
    await until(() => statSync(logFile).size > 0);
    await hands.stopProcess(outcome.process, { graceMs: 0, group: true });
    expect(readFileSync(logFile).includes(0)).toBe(false);
  });

  const noTmpfs = process.getuid?.() !== 0 || process.platform !== 'linux';
  it.skipIf(noTmpfs)(
    'are emptied even when the disk has no room for the copy (SKIPPED unless root on Linux)',
    async () => {
      const disk = join(folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
      try {
        expect(() => appendFileSync(join(disk, 'web.log'), Buffer.alloc(2_000_000))).toThrow(/ENOSPC/);
        await boundServiceLogs(disk, 600_000);
        expect(statSync(join(disk, 'web.log')).size).toBe(0);
        expect(existsSync(join(disk, 'web.log.1.new'))).toBe(false);
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );
});
