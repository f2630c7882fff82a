import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';

const why = whyNoBox();
let box: Box | undefined;

afterEach(async () => {
  await box?.down();
  box = undefined;
});

describe.skipIf(why !== undefined)(`a box with systemd in it${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  it('boots, runs a unit, and keeps it across a reboot and a power cut', async () => {
    box = await bootBox();
    expect((await box.exec(['cat', '/proc/1/comm'])).stdout).toBe('systemd\n');
    expect((await box.exec(['systemctl', 'is-system-running'])).stdout).toBe('running\n');

    const unit =
      '[Service]\nExecStart=/usr/local/bin/node -e "setInterval(() => {}, 1e6)"\nRestart=always\nRestartSec=100ms\n';
    writeFileSync(join(box.out, 'sample.service'), `${unit}[Install]\nWantedBy=multi-user.target\n`);
    await box.exec(['cp', '/out/sample.service', '/etc/systemd/system/']);
    expect((await box.exec(['systemctl', 'enable', '--now', 'sample.service'])).exitCode).toBe(0);
    for (const again of [box.reboot, box.crash]) {
      await again();
      expect((await box.exec(['systemctl', 'is-active', 'sample.service'])).stdout).toBe('active\n');
    }
  });

  it('gives a user a manager of their own that runs without a login', async () => {
    box = await bootBox();
    await box.addUser('ada');
    const ran = await box.exec(['systemd-run', '--user', '--wait', '--pipe', '--quiet', 'id', '-un'], { user: 'ada' });
    expect(ran).toMatchObject({ exitCode: 0, stdout: 'ada\n' });
  });

  it('cannot change this machine, and leaves nothing behind', async () => {
    box = await bootBox();
    const { out } = box;
    const pid1 = Number(readFileSync(join(out, '..', 'pid1'), 'utf8'));
    await box.exec([
      'sh',
      '-c',
      'touch /etc/box-was-here /tmp/box-was-here; hostname elsewhere; echo 1 > /proc/sys/vm/drop_caches',
    ]);
    expect(existsSync('/etc/box-was-here') || existsSync('/tmp/box-was-here')).toBe(false);
    expect(spawnSync('hostname').stdout.toString()).not.toBe('elsewhere\n');
    await box.down();
    box = undefined;
    expect(existsSync(out)).toBe(false);
    expect(existsSync(`/proc/${pid1}`)).toBe(false);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain('jarvis-health-box-');
  });

  it('goes away with whoever started it, even when that one is killed', async () => {
    const loader = fileURLToPath(new URL('../../scripts/ts.mjs', import.meta.url));
    const module = new URL('../box/boot-box.ts', import.meta.url).href;
    const code = `const { bootBox } = await import('${module}'); console.log((await bootBox()).out); setInterval(() => {}, 1e6);`;
    const starter = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', code]);
    const [line] = await once(starter.stdout, 'data');
    const folder = dirname(String(line).trim());
    const pid1 = readFileSync(join(folder, 'pid1'), 'utf8').trim();
    starter.kill('SIGKILL');
    await expect.poll(() => existsSync(folder) || existsSync(`/proc/${pid1}`), { timeout: 10_000 }).toBe(false);
  });
});
