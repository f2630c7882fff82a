import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

const PROGRAM = 'node /jarvis-health/bin/jarvis-health.js';
const WEB = '/usr/local/bin/node /jarvis-health/test/fixtures/web.mjs';
const HOME = '/var/lib/jh';
/** A group of the first kind of control groups, where the second has no memory controller. */
const GROUP = '/run/memory/jh-eats';

describe.skipIf(why !== undefined)(`memory that runs out${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  let box: Box;
  const sh = (script: string) => box.exec(['sh', '-c', script]);

  async function web() {
    const { stdout } = await sh(`curl -sfm20 --unix-socket ${HOME}/run/daemon.sock http://localhost/api/v1/state`);
    const snapshot: Snapshot = JSON.parse(stdout);
    const target = snapshot.targets.find(({ id }) => id === 'web');
    if (target === undefined) throw new Error('web is not watched');
    return { target, incident: snapshot.incidents[0] };
  }

  beforeAll(async () => {
    box = await bootBox();
    await sh(`grep -qw memory /sys/fs/cgroup/cgroup.controllers || {
      mkdir -p /run/memory && mount -t cgroup -o memory none /run/memory && mkdir ${GROUP} &&
      echo 200M >${GROUP}/memory.limit_in_bytes; }`);
    const command = `[ ! -d ${GROUP} ] || echo $$$$ >${GROUP}/cgroup.procs; exec ${WEB} --port 9001 --eat-on SIGUSR2`;
    const unit = ['[Service]', `ExecStart=/bin/sh -c '${command}'`, 'MemoryMax=200M', 'MemorySwapMax=0', ''];
    writeFileSync(join(box.out, 'web.service'), unit.join('\n'));
    const service = { http: 'http://127.0.0.1:9001/', unit: 'web.service', every: '1s' };
    const config = { services: { web: service }, disk: [], memory: 'off' };
    writeFileSync(join(box.out, 'config.yaml'), JSON.stringify(config));
    await sh(`cp /out/web.service /etc/systemd/system/ && systemctl daemon-reload && systemctl start web.service
      mkdir -p -m 700 ${HOME} && cp /out/config.yaml ${HOME}/
      systemd-run --unit=jh --collect ${PROGRAM} start --foreground --home ${HOME}`);
    await eventually('the web app is well', async () => (await web()).target.state === 'working' || undefined);
  }, 60_000);

  afterAll(async () => {
    await box?.exec(['sh', '-c', `systemctl stop jh web; [ ! -d ${GROUP} ] || rmdir ${GROUP}`]);
    await box?.down();
  });

  it('is what a unit died of that the kernel killed for it, and it is started again', async () => {
    const before = (await web()).target.process?.pid;
    await sh('systemctl kill --kill-whom=main --signal=USR2 web.service');
    const { incident } = await eventually('it is well again', async () => {
      const seen = await web();
      const isBack = seen.target.state === 'working' && seen.incident?.end !== undefined;
      return isBack && seen.target.process?.pid !== before ? seen : undefined;
    });
    expect(incident).toMatchObject({ class: 'oom-killed', outcome: 'auto-fixed' });
    expect(incident?.title).toBe('web was killed because memory ran out');
    expect(incident?.evidence?.join(' ')).toMatch(/killed because memory ran out|oom_kill in .* rose from \d+ to \d+/);
  });
});
