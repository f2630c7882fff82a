import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';
import { fillUp } from '../store/full-disk.ts';
import { cannotMount } from '../store/scratch.ts';

type AtEnd = (clean: () => Promise<void>) => void;

/** A daemon whose home is a disk of its own, of 10 MB. */
function onSmallDisk(atEnd: AtEnd): TestDaemon {
  const daemon: TestDaemon = new TestDaemon((clean) =>
    atEnd(async () => {
      await daemon.kill('SIGKILL');
      // Lazily: the services, which end with `clean`, still write their logs there.
      execFileSync('umount', ['-l', daemon.home]);
      await clean();
    }),
  );
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10m,mode=700', 'tmpfs', daemon.home]);
  return daemon;
}

/** Its own folder, away from the full disk: while the file in it is there, the service cannot be started. */
function obstacle(atEnd: AtEnd): string {
  const folder = mkdtempSync(join(tmpdir(), 'jh-'));
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'obstacle');
}

function service(port: number, flag: string): object {
  const serve = `exec "${process.execPath}" "${fixture('web.mjs')}" --port ${port}`;
  const start = ['/bin/sh', '-c', `if [ -e "${flag}" ]; then echo no luck; exit 3; fi; ${serve}`];
  const policy = { cooldown: '200ms', bringUpBackoff: '50ms' };
  return { http: `http://127.0.0.1:${port}/`, start, policy, every: '1s' };
}

describe.skipIf(cannotMount !== '')(`a home on a disk that is full${cannotMount}`, () => {
  test('the daemon goes on, tells, keeps its alert over kill -9, and is well when there is room', async ({
    onTestFinished,
  }) => {
    const flag = obstacle(onTestFinished);
    const daemon = onSmallDisk(onTestFinished);
    const services = { web: service(await freePort(), flag) };
    await daemon.write({ services, disk: [], memory: 'off' }).start();
    const before = await daemon.well('web');
    const filler = fillUp(daemon.home);

    writeFileSync(flag, '');
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    const opened = await daemon.until('it is alerted', async () => (await daemon.alerts())[0]);
    expect(opened).toMatchObject({ kind: 'opened', target: 'web' });
    expect((await daemon.snapshot()).daemon.notices.map(({ code }) => code)).toContain('DISK_FULL');
    expect(daemon.run('status').out).toContain('is full');

    await daemon.kill('SIGKILL');
    await daemon.start();
    expect((await daemon.alerts())[0]).toMatchObject({ id: opened.id });
    expect((await daemon.snapshot()).daemon.notices.map(({ code }) => code)).toContain('DISK_FULL');

    rmSync(filler);
    rmSync(flag);
    // Asked again where an attempt of its own is just under way (75).
    await daemon.until(
      'it is recovered by hand',
      () => daemon.run('recover', 'web', '--force').code === 0 || undefined,
    );
    await daemon.well('web', before.process?.pid);
    await daemon.until('it is told resolved', async () =>
      (await daemon.alerts()).find(({ kind }) => kind === 'resolved'),
    );
    await daemon.kill('SIGTERM');
    await daemon.start();
    expect((await daemon.snapshot()).daemon.notices).toEqual([]);
    expect(daemon.run('audit', 'verify').code).toBe(0);
  });

  test('a service that goes on printing does not keep another from being recovered', async ({ onTestFinished }) => {
    const daemon = onSmallDisk(onTestFinished);
    // About 1 MB/s: the whole reserve in a second.
    const print =
      'setInterval(() => process.stdout.write("a line\\n".repeat(3000)), 20); process.stdout.on("error", () => 0)';
    const services = {
      web: service(await freePort(), obstacle(onTestFinished)),
      loud: { start: [process.execPath, '-e', print] },
    };
    await daemon.write({ services, disk: [], memory: 'off' }).start();
    let before = await daemon.well('web');
    await daemon.well('loud');
    fillUp(daemon.home);
    for (let round = 0; round < 3; round += 1) {
      await daemon.until('the disk is full again', () => statfsSync(daemon.home).bavail === 0);
      process.kill(before.process?.pid ?? 0, 'SIGKILL');
      before = await daemon.well('web', before.process?.pid);
    }
    expect(await daemon.alerts()).toEqual([]);
    expect(daemon.log()).not.toContain('SAVE_FAILED');
    await daemon.kill('SIGTERM');
  });
});

test('a state that was cut short is set aside, said so, and the one before it goes on', async ({ onTestFinished }) => {
  const services = { web: service(await freePort(), obstacle(onTestFinished)) };
  const daemon = await new TestDaemon(onTestFinished).write({ services, disk: [], memory: 'off' }).start();
  const before = await daemon.well('web');
  await daemon.kill('SIGKILL');
  truncateSync(join(daemon.home, 'state.json'), 100);
  await daemon.start();
  const after = await daemon.well('web');
  expect(after.process?.pid).toBe(before.process?.pid);
  expect((await daemon.snapshot()).daemon.notices).toHaveLength(1);
  expect(daemon.run('start', '--foreground')).toMatchObject({ err: expect.stringContaining('DAEMON_RUNNING') });
  expect((await daemon.target('web')).state).toBe('working');
});
