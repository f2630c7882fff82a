import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { createCpuMeter, parseCpuTimes } from '../../src/host/cpu.ts';

describe('how busy the host is', () => {
  it('is told by /proc/stat; waiting for a disk is not being busy, and guests are counted once', () => {
    const text =
      'cpu  100 20 30 800 40 5 5 0 90 10\ncpu0 50 10 15 400 20 2 3 0 45 5\ncpu1 50 10 15 400 20 3 2 0 45 5\nintr 7\n';
    expect(parseCpuTimes(text)).toEqual({ busy: 160, total: 1000, cores: 2 });
  });

  it.each(['', 'cpu', 'cpu  1 2 3', 'intr 7\n', 'cpu a b c d e f g h'])('is not told by %j', (text) => {
    expect(parseCpuTimes(text)).toBeUndefined();
  });

  it('is a share of all cores between two readings of this host', async () => {
    const read = createCpuMeter();
    expect(await read()).toBeUndefined();
    // The counters go by hundredths of a second.
    await expect.poll(read, { timeout: 5_000 }).toMatchObject({
      cores: os.cpus().length,
      busyPercent: expect.toSatisfy((share: number) => share >= 0 && share <= 100),
    });
  });
});
