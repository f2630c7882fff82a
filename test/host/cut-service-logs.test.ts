import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutServiceLogs } from '../../src/host/cut-service-logs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}\n`).join('');

describe('the logs of services on a full disk', () => {
  it('are cut to their last whole lines, in place, and what was put aside before stays', () => {
    const file = join(folder, 'web.log');
    writeFileSync(file, lines(1_000));
    writeFileSync(`${file}.1`, 'the one before');
    const before = statSync(file);
    const freed = cutServiceLogs(folder, 2_000);
    const left = readFileSync(file, 'utf8');
    expect(lines(1_000).endsWith(left)).toBe(true);
    expect(left).toMatch(/^line \d+\n/);
    expect(left.length).toBeGreaterThan(900);
    expect(left.length).toBeLessThanOrEqual(1_000);
    expect(freed).toBe(before.size - left.length);
    expect(statSync(file).ino).toBe(before.ino);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('the one before');
  });

  it('share one bound, and short ones are left alone', () => {
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(folder, `${name}.log`), lines(1_000));
    writeFileSync(join(folder, 'short.log'), lines(10));
    cutServiceLogs(folder, 5_000);
    const sizes = ['a', 'b', 'c', 'd'].map((name) => statSync(join(folder, `${name}.log`)).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    expect(Math.min(...sizes)).toBeGreaterThan(450);
    expect(readFileSync(join(folder, 'short.log'), 'utf8')).toBe(lines(10));
  });

  it('go on without a hole where their service appends', () => {
    const file = join(folder, 'web.log');
    const service = openSync(file, 'a');
    writeSync(service, lines(1_000));
    cutServiceLogs(folder, 1_000);
    writeSync(service, 'and on\n');
    closeSync(service);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/line 999\nand on\n$/);
    expect(text).not.toContain('\0');
  });

  it('are only our own files: no link is followed, no folder entered, and none at all is no trouble', () => {
    const outside = join(folder, 'outside');
    writeFileSync(outside, lines(1_000));
    symlinkSync(outside, join(folder, 'link.log'));
    mkdirSync(join(folder, 'dir.log'));
    expect(cutServiceLogs(folder, 1_000)).toBe(0);
    expect(readFileSync(outside, 'utf8')).toBe(lines(1_000));
    expect(cutServiceLogs(join(folder, 'none'))).toBe(0);
  });

  it('keep the end of a line that is longer than all that may stay', () => {
    writeFileSync(join(folder, 'web.log'), 'x'.repeat(10_000));
    expect(cutServiceLogs(folder, 1_000)).toBe(9_500);
  });

  const noTmpfs = process.getuid?.() !== 0 || process.platform !== 'linux';
  it.skipIf(noTmpfs)('give room on a disk that has none left (SKIPPED unless root on Linux)', () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      expect(() => appendFileSync(join(disk, 'web.log'), Buffer.alloc(2_000_000, 'line\n'))).toThrow(/ENOSPC/);
      expect(cutServiceLogs(disk)).toBeGreaterThan(800_000);
      writeFileSync(join(disk, 'state'), Buffer.alloc(800_000));
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
