import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandGlob, findHolders, listMounts, spaceOf } from '../../src/host/files.ts';
import { parseMountinfo } from '../../src/host/space.ts';
import { startProgram } from '../fixtures/start.ts';

let folder = '';
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'jh-glob-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tree(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(join(at(file), '..'), { recursive: true });
    writeFileSync(at(file), file);
  }
}

const names = async (pattern: string) =>
  (await expandGlob(at(pattern))).map(({ path }) => path.slice(folder.length + 1));

describe('a pattern for files', () => {
  it.each([
    ['app.log', ['app.log']],
    ['*.log', ['app.log', 'b c.log']],
    ['?pp.log', ['app.log']],
    ['{app,x}.log', ['app.log']],
    ['[a-c]*.log', ['app.log', 'b c.log']],
    ['*/*.log', ['deep/one.log']],
    ['deep/**/*.log', ['deep/er/still/two.log', 'deep/one.log']],
    ['**/two.log', ['deep/er/still/two.log']],
    ['.hidden/*.log', ['.hidden/h.log']],
    ['none/*.log', []],
    ['none.log', []],
    ['app.log/*', []],
  ])('%s', async (pattern, expected) => {
    tree('app.log', 'b c.log', 'deep/one.log', 'deep/er/still/two.log', '.hidden/h.log', '.dot.log', 'notes.txt');
    tree('node_modules/x/two.log', 'deep/.git/two.log');
    expect(await names(pattern)).toEqual(expected);
  });

  it('says what each thing is, follows no link, and takes strange names as they are', async () => {
    tree('real/a.log', 'new\nline.log');
    mkdirSync(at('folder.log'));
    symlinkSync(at('real'), at('linked'));
    symlinkSync(at('nowhere'), at('dangling.log'));
    execFileSync('mkfifo', [at('pipe.log')]);
    const server = createServer().listen(at('socket.log'));
    await new Promise((resolve) => server.once('listening', resolve));
    const kinds = Object.fromEntries(
      (await expandGlob(at('*.log'))).map(({ path, kind }) => [path.slice(folder.length + 1), kind]),
    );
    server.close();
    expect(kinds).toEqual({
      ...{ 'dangling.log': 'symlink', 'folder.log': 'folder', 'new\nline.log': 'file' },
      ...{ 'pipe.log': 'fifo', 'socket.log': 'socket' },
    });
    expect(await names('**/a.log')).toEqual(['real/a.log']);
    expect(await names('linked/*.log')).toEqual(['linked/a.log']); // named by the person: that is another thing
  });

  it('gives size, time and inode', async () => {
    tree('app.log');
    const [file] = await expandGlob(at('app.log'));
    expect(file).toMatchObject({ bytes: 7, kind: 'file' });
    expect(Math.abs((file?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(file?.inode).toBeGreaterThan(0);
  });

  it('stops after so many entries and says so', async () => {
    tree(...Array.from({ length: 25 }, (_, n) => `${n}.tmp`));
    const found = await expandGlob(at('*.none'), 20);
    expect([found.length, found.truncated]).toEqual([0, true]);
    expect((await expandGlob(at('*.none'), 25)).truncated).toBe(false);
    expect((await expandGlob(at('1.tmp'), 0)).truncated).toBe(false);
  });
});

describe('the holders of a file', () => {
  it('are none when nobody has it open', async () => {
    tree('app.log');
    expect(await findHolders(at('app.log'))).toEqual([]);
    await expect(findHolders(at('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('are told apart by how they have it open', async () => {
    tree('app.log');
    const reader = openSync(at('app.log'), 'r');
    expect(await findHolders(at('app.log'))).toMatchObject([{ pid: process.pid, writes: false, appends: false }]);
    const appender = openSync(at('app.log'), 'a');
    expect(await findHolders(at('app.log'))).toMatchObject([{ pid: process.pid, writes: true, appends: true }]);
    const writer = openSync(at('app.log'), 'r+');
    expect(await findHolders(at('app.log'))).toMatchObject([{ pid: process.pid, writes: true, appends: false }]);
    for (const one of [reader, appender, writer]) closeSync(one);
  });

  it('are found by the file, not by its name', async () => {
    tree('app.log');
    const shell = await startProgram('sh', ['-c', `exec 3>>'${at('app.log')}'; echo ready 0; exec sleep 30`]);
    renameSync(at('app.log'), at('app.log.1'));
    tree('app.log');
    symlinkSync(at('app.log.1'), at('link'));
    expect(await findHolders(at('app.log'))).toEqual([]);
    expect(await findHolders(at('app.log.1'))).toMatchObject([{ pid: shell.pid, appends: true }]);
    expect(await findHolders(at('link'))).toMatchObject([{ pid: shell.pid }]);
    await shell.stop();
    expect(await findHolders(at('app.log.1'))).toEqual([]);
  });
});

describe('room on a disk', () => {
  it('is what a writer sees: reserved blocks count as used', async () => {
    const { totalBytes, freeBytes, usedPercent } = await spaceOf(folder);
    const [, total, , available] =
      execFileSync('df', ['-P', '-k', folder], { encoding: 'utf8' }).split('\n')[1]?.split(/\s+/) ?? [];
    expect(Math.abs(totalBytes / 1_024 - Number(total))).toBeLessThan(1_024);
    expect(Math.abs(freeBytes / 1_024 - Number(available))).toBeLessThan(512 * 1_024);
    expect(usedPercent).toBeCloseTo((1 - freeBytes / totalBytes) * 100);
    await expect(spaceOf(at('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is asked of real disks only', async () => {
    const mounts = await listMounts();
    expect(mounts.map(({ path }) => path)).toContain('/');
    for (const { path } of mounts) expect((await spaceOf(path)).totalBytes).toBeGreaterThan(0);
  });
});

describe('the mounts of Linux', () => {
  const line = (device: string, root: string, path: string, options: string, rest: string) =>
    `36 35 ${device} ${root} ${path} ${options} - ${rest}`;

  it('are each disk once, by its shortest path', () => {
    const text = [
      line('254:0', '/', '/', 'rw,relatime shared:1', 'ext4 /dev/vda rw'),
      line('254:0', '/srv', '/bind/mount', 'rw', 'ext4 /dev/vda rw'),
      line('8:1', '/', '/mnt/my\\040disk', 'rw', 'xfs /dev/sda1 rw'),
      line('8:2', '/', '/mnt/broken', 'ro', 'ext4 /dev/sdb1 ro'),
      line('0:30', '/@', '/data', 'rw', 'btrfs /dev/sdc rw'),
      line('0:31', '/@home', '/home', 'rw', 'btrfs /dev/sdc rw'),
      line('0:40', '/', '/tank', 'rw', 'zfs tank rw'),
      line('0:41', '/', '/tank/a', 'rw', 'zfs tank/a rw'),
      line('7:0', '/', '/snap/core', 'ro', 'squashfs /dev/loop0 ro'),
      line('0:20', '/', '/proc', 'rw', 'proc proc rw'),
      line('0:21', '/', '/tmp', 'rw', 'tmpfs tmpfs rw'),
      line('0:50', '/', '/var/lib/docker/overlay2/x/merged', 'rw', 'overlay overlay rw'),
      line('0:60', '/', '/mnt/nas', 'rw', 'nfs4 nas:/x rw'),
      'nonsense',
    ].join('\n');
    expect(parseMountinfo(text)).toEqual([
      { path: '/', type: 'ext4', readOnly: false },
      { path: '/data', type: 'btrfs', readOnly: false },
      { path: '/mnt/broken', type: 'ext4', readOnly: true },
      { path: '/mnt/my disk', type: 'xfs', readOnly: false },
      { path: '/tank', type: 'zfs', readOnly: false },
    ]);
  });

  it('in a container are its root', () => {
    const text = [
      line('0:50', '/', '/', 'rw', 'overlay overlay rw'),
      line('0:51', '/', '/dev/shm', 'rw', 'tmpfs shm rw'),
    ].join('\n');
    expect(parseMountinfo(text)).toEqual([{ path: '/', type: 'overlay', readOnly: false }]);
  });
});
