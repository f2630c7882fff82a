import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../src/log.ts';
import { eventually } from './helpers/daemon.ts';
import { fillUp } from './store/full-disk.ts';
import { cannotMount, mounted, scratch } from './store/scratch.ts';

const LONG = 'x'.repeat(1_000);

const sizeOf = (folder: string) =>
  readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);

function linesOf(folder: string): readonly { level: string; msg: string; lines?: number }[] {
  return readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('the log of the daemon', () => {
  it('is for its owner only, and whole when it was closed', async () => {
    const folder = join(scratch(), 'logs');
    const { log, close } = await openLog({ folder, level: 'info', maxBytes: 1e6, keep: 3 });
    for (let n = 0; n < 200; n += 1) log.info({ n }, 'line');
    await close();
    log.info('too late');
    await close();
    expect(linesOf(folder)).toHaveLength(200);
    const [name = ''] = readdirSync(folder);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('says little while the disk is full, and how much it left out when there is room again', async () => {
    const folder = scratch();
    const { log, diskFull, close } = await openLog({ folder, level: 'info', maxBytes: 1e6, keep: 3 });
    diskFull(true);
    log.info('not now');
    for (let n = 0; n < 200; n += 1) log.warn({ LONG }, 'warning');
    await eventually('it wrote', () => sizeOf(folder) > 0);
    diskFull(false);
    await eventually('it says so', () => linesOf(folder).some(({ lines }) => lines !== undefined));
    log.info('as before');
    await close();
    expect(sizeOf(folder)).toBeLessThan(70_000);
    const lines = linesOf(folder);
    expect(lines.map(({ msg }) => msg)).not.toContain('not now');
    const warnings = lines.filter(({ msg }) => msg === 'warning').length;
    expect(lines.slice(warnings)).toMatchObject([{ level: 'warn', lines: 200 - warnings }, { msg: 'as before' }]);
  });

  it('has no more on its way to the disk than the reserve can bear', async () => {
    const folder = scratch();
    const { log, close } = await openLog({ folder, level: 'info', maxBytes: 1e7, keep: 3 });
    for (let n = 0; n < 1_000; n += 1) log.info({ LONG }, 'line');
    await eventually('it says so', () => linesOf(folder).some(({ lines }) => lines !== undefined));
    await close();
    const lines = linesOf(folder);
    expect(lines.at(-1)?.lines).toBe(1_001 - lines.length);
    expect(sizeOf(folder)).toBeLessThan(265_000);
  });

  it('keeps to the level that was asked for when that lets less through', async () => {
    const folder = scratch();
    const { log, diskFull, close } = await openLog({ folder, level: 'error', maxBytes: 1e6, keep: 3 });
    diskFull(true);
    log.warn('no');
    diskFull(false);
    log.warn('no');
    log.error('yes');
    await close();
    expect(linesOf(folder)).toMatchObject([{ msg: 'yes' }]);
  });
});

describe.skipIf(cannotMount !== '')(`the log of the daemon on a disk that is full${cannotMount}`, () => {
  function smallDisk(): string {
    const folder = scratch();
    mounted(folder, ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=40,mode=700', 'tmpfs']);
    return folder;
  }

  it('holds little back, so that it does not take the room that is made for the state', async () => {
    const disk = smallDisk();
    const folder = join(disk, 'logs');
    const { log, close } = await openLog({ folder, level: 'info', maxBytes: 1e7, keep: 3 });
    log.info('first');
    const filler = fillUp(disk);
    const before = sizeOf(folder);
    for (let n = 0; n < 1_000; n += 1) log.info({ LONG }, 'line');
    rmSync(filler);
    await eventually('it writes again', () => {
      log.info('again');
      return linesOf(folder).some(({ lines }) => lines !== undefined);
    });
    expect(sizeOf(folder) - before).toBeLessThan(330_000);
    await close();
  });

  it('is closed all the same', async () => {
    const disk = smallDisk();
    const { log, close } = await openLog({ folder: join(disk, 'logs'), level: 'info', maxBytes: 1e7, keep: 3 });
    fillUp(disk);
    for (let n = 0; n < 50; n += 1) log.info({ LONG }, 'line');
    await close();
  });

  it('begins when there is room, where there was none for a file', async () => {
    const disk = smallDisk();
    const folder = join(disk, 'logs');
    mkdirSync(folder);
    const fillers = fillNames(disk);
    const { log, close } = await openLog({ folder, level: 'info', maxBytes: 1e7, keep: 3 });
    log.info('nowhere');
    rmSync(fillers, { recursive: true });
    await eventually('it writes', () => {
      log.info('here');
      return readdirSync(folder).length > 0 && linesOf(folder).length > 0;
    });
    await close();
    expect(linesOf(folder).at(0)).toMatchObject({ msg: 'here' });
  });
});

/** Takes every name that the disk can hold. */
function fillNames(disk: string): string {
  const folder = join(disk, 'names');
  mkdirSync(folder);
  for (let n = 0; ; n += 1) {
    try {
      mkdirSync(join(folder, String(n)));
    } catch {
      return folder;
    }
  }
}
