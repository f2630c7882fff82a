import { existsSync, statfsSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDurably } from '../../src/store/durable-file.ts';
import { openReserve } from '../../src/store/reserve.ts';
import { fillUp } from './full-disk.ts';
import { cannotMount, mounted, scratch } from './scratch.ts';

const noRoom = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

describe('the reserve', () => {
  it('is made of real blocks, and made whole when it was cut', async () => {
    const path = join(scratch(), 'reserve');
    await openReserve({ path });
    expect(statSync(path).size).toBe(1024 * 1024);
    expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(1024 * 1024);
    truncateSync(path, 10);
    await openReserve({ path });
    expect(statSync(path).size).toBe(1024 * 1024);
  });

  it('is freed for a write that found no room, which then is done again', async () => {
    const path = join(scratch(), 'reserve');
    const changes: boolean[] = [];
    const reserve = await openReserve({ path, bytes: 4096, onChange: (degraded) => changes.push(degraded) });
    const outcome = await reserve.room(async () => {
      if (existsSync(path)) throw noRoom();
      return 'written';
    });
    expect(outcome).toBe('written');
    expect(reserve.degraded()).toBe(true);
    expect(await reserve.replenish()).toBe(true);
    expect(changes).toEqual([true, false]);
    expect(existsSync(path)).toBe(true);
  });

  it('is followed by the last resort, and then the error is the caller\u2019s', async () => {
    const path = join(scratch(), 'reserve');
    let resorts = 0;
    const reserve = await openReserve({
      path,
      bytes: 4096,
      lastResort: async () => {
        resorts += 1;
      },
    });
    expect(await reserve.room(async () => (resorts === 0 ? Promise.reject(noRoom()) : 'written'))).toBe('written');
    await expect(reserve.room(() => Promise.reject(noRoom()))).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('is not touched for other errors', async () => {
    const path = join(scratch(), 'reserve');
    const reserve = await openReserve({ path, bytes: 4096 });
    await expect(reserve.room(() => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO');
    expect(existsSync(path)).toBe(true);
  });

  it.skipIf(cannotMount !== '')(`gives room on a disk that is really full, and comes back${cannotMount}`, async () => {
    const folder = scratch();
    mounted(folder, ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs']);
    const reserve = await openReserve({ path: join(folder, 'reserve'), bytes: 256 * 1024 });
    const filler = fillUp(folder);
    expect(statfsSync(folder).bavail).toBe(0);
    const write = () => writeDurably(join(folder, 'a.json'), 'x'.repeat(100_000));
    await expect(write()).rejects.toMatchObject({ code: 'ENOSPC' });
    await reserve.room(write);
    expect(await reserve.replenish()).toBe(false);
    unlinkSync(filler);
    expect(await reserve.replenish()).toBe(true);
    writeFileSync(join(folder, 'b'), '');
  });
});
