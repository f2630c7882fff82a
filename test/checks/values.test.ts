import { expect, test } from 'vitest';
import { diskCheck } from '../../checks/disk.ts';
import { memoryCheck } from '../../checks/memory.ts';
import { context } from './look.ts';

const levels = { warningPercent: 80, criticalPercent: 90, clearPercentPoints: 5 };
const disk = (usedPercent: number) =>
  diskCheck.assess(
    { totalBytes: 210e9, freeBytes: 210e9 * (1 - usedPercent / 100), reservedBytes: 11e9, usedPercent },
    { path: '/', ...levels },
  );

test.each([
  [10, 'ok', true],
  [74.9, 'ok', true],
  [75, 'ok', false],
  [79.9, 'ok', false],
  [80, 'warning', true],
  [84.9, 'warning', true],
  [85, 'warning', false],
  [90, 'critical', false],
  [100, 'critical', false],
])('a disk used to %d percent is %s, clear of the next worse limit: %s', (usedPercent, status, clear) => {
  expect(disk(usedPercent)).toMatchObject({ status, clear, reason: status === 'ok' ? 'fine' : 'over-limit' });
});

test('a share is never said without the sizes', () => {
  expect(disk(71).message).toBe('149 of 210 GB used on / (71%)');
  const seen = memoryCheck.assess({ totalBytes: 16e9, availableBytes: 4e9 }, levels);
  expect(seen.message).toBe('12 of 16 GB of memory used (75%)');
});

test('what is reserved is no data: more of it than usual is said, and nothing is called used', () => {
  const sight = { totalBytes: 271e9, freeBytes: 82.7e9, reservedBytes: 161e9, usedPercent: 69.5 };
  const { message } = diskCheck.assess(sight, { path: '/', ...levels });
  expect(message).toBe('70% full: 82.7 GB free of 271 GB on /, 161 GB reserved');
});

test('the disk of this host is looked at as a writer sees it', async () => {
  const options = { path: '/', ...levels };
  const seen = diskCheck.assess(await diskCheck.observe(options, context()), options);
  expect(['ok', 'warning', 'critical']).toContain(seen.status);
  expect(seen.metrics?.['usedPercent']).toBeGreaterThan(0);
  expect(seen.metrics?.['usedPercent']).toBeLessThanOrEqual(100);
});

test('a disk that is not there could not be looked at', async () => {
  const options = { path: '/no/such/folder', ...levels };
  await expect(async () => await diskCheck.observe(options, context())).rejects.toThrow();
});

test.skipIf(process.platform !== 'linux')(
  'memory that the page cache holds is available (Linux; SKIPPED elsewhere: no /proc/meminfo)',
  async () => {
    const { readFile } = await import('node:fs/promises');
    const seen = await memoryCheck.observe(levels, context());
    const kib = Number(/^MemAvailable:\s+(\d+)/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1]);
    expect(Math.abs(seen.availableBytes - kib * 1024)).toBeLessThan(seen.totalBytes / 20);
  },
);
