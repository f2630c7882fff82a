import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Box, bootBox, whyNoBox } from '../box/boot-box.ts';
import { inBox } from '../box/in-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();
const skipped = why === undefined ? '' : ` (SKIPPED: ${why})`;

/** The daemon's watchdog and pulse with nothing else; told to, it falls into a loop. */
const looper = `
import { findNotify } from '/jarvis-health/src/host/notify-systemd.ts';
import { startPulse } from '/jarvis-health/src/pulse.ts';
import { startWatchdog } from '/jarvis-health/src/watchdog.ts';
const monotonicMs = () => performance.now();
const watchdog = startWatchdog({ notify: findNotify(), overdueMs: () => 0, monotonicMs, onUnheard: () => process.exit(1) });
startPulse(watchdog.beat, () => {});
watchdog.ready();
if (process.argv[2] === 'turns') setTimeout(() => { for (;;); }, 1_500);
`;

describe.skipIf(why !== undefined)(`an installed daemon${skipped}`, { timeout: 180_000 }, () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox();
    await box.exec(['chmod', '777', '/out']);
  });
  afterAll(() => box?.down());

  async function user(name: string, port: number) {
    await box.addUser(name);
    const one = inBox(box, { user: name, home: `/home/${name}/jarvis-health`, port });
    await one.config();
    return one;
  }

  it('of a user is there after a reboot and after a power cut, and so is its service', async () => {
    const ada = await user('ada', 4001);
    expect(await ada.fine('install')).toContain('runs the daemon, starts it again when it ends, and starts it at boot');
    await ada.web();
    for (const again of [box.reboot, box.crash]) {
      await again();
      await ada.web();
      expect(await ada.property('ActiveState')).toBe('active');
    }
    await ada.fine('uninstall');
  });

  it('comes back when it is killed and when it hangs, and its service lives through all of it', async () => {
    const bob = await user('bob', 4002);
    const unit = '/home/bob/.config/systemd/user/jarvis-health.service.d';
    writeFileSync(join(box.out, 'fast.conf'), '[Service]\nWatchdogSec=3\n');
    await bob.exec('mkdir', '-p', unit);
    await bob.exec('cp', '/out/fast.conf', `${unit}/fast.conf`);
    await bob.fine('install');
    const web = await bob.web();

    let pid = await bob.daemonPid();
    await box.exec(['kill', '-KILL', String(pid)]);
    pid = await bob.daemon(pid);
    expect(await bob.web()).toBe(web);

    await box.exec(['kill', '-STOP', String(pid)]);
    await eventually('systemd ends it', async () => !(await bob.lives(pid)) || undefined);
    await bob.daemon(pid);
    expect(await bob.web()).toBe(web);
    expect((await box.exec(['journalctl', '--no-pager', '_COMM=systemd'])).stdout).toContain('Watchdog timeout');

    await bob.fine('restart');
    expect(await bob.web()).toBe(web);

    expect(await bob.fine('stop')).toContain('systemd user unit jarvis-health.service has ended the daemon');
    expect(await bob.property('ActiveState')).toBe('inactive');
    expect(await bob.lives(web)).toBe(true);
    await bob.fine('start');
    expect(await bob.web()).toBe(web);
    expect(await bob.fine('start')).toContain('runs already');
    await bob.fine('uninstall');
    expect(await bob.lives(web)).toBe(true);
  });

  it('is ended by systemd when its loop turns for ever, and not while it only waits', async () => {
    await box.addUser('gus');
    writeFileSync(join(box.out, 'loop.mjs'), looper);
    const gus = inBox(box, { user: 'gus', home: '/home/gus/jarvis-health', port: 4008 });
    const properties = ['Type=notify', 'NotifyAccess=all', 'WatchdogSec=3', 'WatchdogSignal=SIGKILL'];
    for (const name of ['waits', 'turns']) {
      const options = properties.flatMap((one) => ['-p', one]);
      const loader = ['node', '--import', '/jarvis-health/scripts/ts.mjs', '/out/loop.mjs', name];
      const ran = await gus.exec('systemd-run', '--user', `--unit=${name}`, ...options, ...loader);
      expect(ran.exitCode, ran.stderr).toBe(0);
    }
    await eventually('it is ended', async () =>
      (await gus.property('Result', 'turns')) === 'watchdog' ? true : undefined,
    );
    expect(await gus.property('ActiveState', 'waits')).toBe('active');
    await gus.systemctl('stop', 'waits');
  });

  it('takes over one that runs already, and installing it twice changes nothing', async () => {
    const cleo = await user('cleo', 4003);
    await cleo.fine('start');
    const web = await cleo.web();
    const before = await cleo.daemon();
    expect(await cleo.fine('install')).toContain('stopped the daemon that runs without a unit');
    const pid = await cleo.daemonPid();
    expect(pid).not.toBe(before);
    expect(await cleo.web()).toBe(web);
    expect(await cleo.fine('install')).toContain('nothing was changed');
    expect(await cleo.daemonPid()).toBe(pid);

    expect(await cleo.fine('uninstall')).toContain('stay in /home/cleo/jarvis-health');
    expect((await cleo.exec('test', '-s', '/home/cleo/jarvis-health/state.json')).exitCode).toBe(0);
    expect((await cleo.systemctl('cat', 'jarvis-health.service')).exitCode).not.toBe(0);
    expect(await cleo.fine('uninstall')).toContain('nothing was changed');
  });

  it('of the whole host starts services that outlive it, and is there after a reboot', async () => {
    const home = '/var/lib/jarvis-health';
    const root = inBox(box, { home, port: 4004 });
    await root.config();
    const { stdout, stderr, exitCode } = await root.exec(
      'node',
      '/jarvis-health/bin/jarvis-health.js',
      'install',
      '--system',
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('systemd system unit jarvis-health.service runs the daemon');
    const web = await root.web();
    const group = (await box.exec(['cat', `/proc/${web}/cgroup`])).stdout;
    expect(group).toMatch(/system\.slice\/jarvis-health-.*web.*\.service/);
    expect((await box.exec(['grep', 'NoNewPrivs', `/proc/${web}/status`])).stdout).toMatch(/\t0\n/);
    await root.fine('stop');
    expect(await root.lives(web)).toBe(true);
    await root.fine('start');
    expect(await root.web()).toBe(web);
    await box.reboot();
    await root.web();
    await root.fine('uninstall', '--system');
    expect((await root.exec('test', '-s', `${home}/state.json`)).exitCode).toBe(0);
  });

  it('is not given up by systemd however often it dies, but is when its config is refused', async () => {
    const dora = await user('dora', 4005);
    await dora.fine('install');
    for (let i = 0; i < 6; i += 1) {
      const pid = await dora.daemonPid();
      if (pid > 0) await box.exec(['kill', '-KILL', String(pid)]);
      await dora.systemctl('start', 'jarvis-health.service');
    }
    await dora.daemon();
    await dora.exec('sh', '-c', 'echo "services: 7" > ~/jarvis-health/config.yaml');
    await box.exec(['kill', '-KILL', String(await dora.daemonPid())]);
    await eventually('it is given up', async () =>
      (await dora.property('ActiveState')) === 'failed' ? true : undefined,
    );
    expect(await dora.property('ExecMainStatus')).toBe('78');
    expect((await dora.jh('start')).exitCode).toBe(78);
    expect((await dora.jh('install')).exitCode).toBe(78);
    await dora.config();
    await dora.fine('start');
    await dora.fine('uninstall');
  });

  it('says what is missing where no user manager runs, and asks for what only root may do', async () => {
    await box.exec(['useradd', '--create-home', 'eve']);
    const eve = inBox(box, { user: 'eve', home: '/home/eve/jarvis-health', port: 4006 });
    const ran = await eve.jh('install');
    expect(ran).toMatchObject({ exitCode: 69 });
    expect(ran.stderr).toMatch(/SUPERVISOR_MISSING[\s\S]*sudo loginctl enable-linger eve/);
    expect((await eve.jh('install', '--system')).exitCode).toBe(77);
    await box.exec(['loginctl', 'enable-linger', 'eve']);
    await eventually('it can be installed', async () => ((await eve.jh('install')).exitCode === 0 ? true : undefined));
    await eve.fine('uninstall');
  });

  it('takes what only heals the gateway, and never what the gateway runs in, nor what was not named', async () => {
    const ivy = await user('ivy', 4010);
    const folder = '/home/ivy/.config/systemd/user';
    const gateway = 'exec -a openclaw-gateway sleep 1000';
    const guard = `#!/bin/bash\nbash -c '${gateway}' &\nwhile wait; do openclaw gateway restart; done\n`;
    const files = {
      'guard.sh': guard,
      'runs.service': '[Service]\nExecStart=/bin/bash /home/ivy/guard.sh\n[Install]\nWantedBy=default.target\n',
      'pre.service': `[Service]\nExecStartPre=-/usr/bin/pkill -f openclaw-old\nExecStart=/bin/bash -c "exec -a hub sleep 1000"\n[Install]\nWantedBy=default.target\n`,
      'nightly.service': '[Service]\nExecStart=/bin/sh -c "echo openclaw gateway restart"\n',
      'nightly.timer': '[Timer]\nOnCalendar=*-*-* 04:00:00\n[Install]\nWantedBy=timers.target\n',
      'often.service': '[Service]\nExecStart=/bin/sh -c "echo openclaw gateway restart"\n',
      'often.timer': '[Timer]\nOnUnitActiveSec=5min\n[Install]\nWantedBy=timers.target\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(box.out, name), text);
    await ivy.exec('sh', '-c', `mkdir -p ${folder}; cp /out/*.service /out/*.timer ${folder}; cp /out/guard.sh ~`);
    await ivy.systemctl('daemon-reload');
    const started = await ivy.systemctl(
      'enable',
      '--now',
      'runs.service',
      'pre.service',
      'nightly.timer',
      'often.timer',
    );
    expect(started.exitCode, started.stderr).toBe(0);
    await eventually(
      'the gateway is there',
      async () => (await ivy.exec('pgrep', '-f', '^openclaw-gateway ')).exitCode === 0 || undefined,
    );
    // Without a consent nobody is touched.
    expect(await ivy.fine('install')).toContain('This restarts the gateway too: systemd user unit often.service');
    expect(await ivy.property('ActiveState', 'often.timer')).toBe('active');
    expect(await ivy.fine('install', '--retire')).toMatch(/install --retire\s+nightly\.service/);
    const states = async () =>
      Promise.all(
        ['runs.service', 'pre.service', 'nightly.timer', 'often.timer'].map((one) => ivy.property('ActiveState', one)),
      );
    expect(await states()).toEqual(['active', 'active', 'active', 'inactive']);
    await ivy.fine('install', '--retire', 'nightly.service');
    expect(await states()).toEqual(['active', 'active', 'inactive', 'inactive']);
    expect((await ivy.exec('test', '-e', `${folder}/often.timer`)).exitCode).toBe(0);
    expect(await ivy.fine('doctor')).toContain('nothing else was found that restarts the gateway');
    await ivy.fine('uninstall');
  });

  it('has unit files in which systemd finds no fault', async () => {
    const finn = inBox(box, { home: '/root-home', port: 4007 });
    const odd = '/opt/n $x%h é/node';
    await box.exec(['sh', '-c', 'mkdir -p "$(dirname "$1")" && cp /usr/local/bin/node "$1"', 'sh', odd]);
    for (const args of [[], ['--system'], ['odd']]) {
      const isOdd = args[0] === 'odd';
      const words = ['/jarvis-health/bin/jarvis-health.js', '--home', '/root-home', '--json', 'install', '--dry-run'];
      const { file, text } = JSON.parse(
        (await finn.exec(isOdd ? odd : 'node', ...words, ...(isOdd ? [] : args))).stdout,
      );
      expect(file).toMatch(/jarvis-health\.service$/);
      writeFileSync(join(box.out, 'jarvis-health.service'), text);
      // It ends with 0 on lines it cannot read: any word of it is a fault.
      const verified = await box.exec(['systemd-analyze', 'verify', '/out/jarvis-health.service']);
      expect(`${verified.stdout}${verified.stderr}`).toBe('');
      const rated = await box.exec(['systemd-analyze', 'security', '--offline=true', '/out/jarvis-health.service']);
      const exposure = /Overall exposure level for jarvis-health\.service: ([\d.]+)/.exec(rated.stdout)?.[1];
      expect(Number(exposure)).toBeLessThan(8);
    }
    expect(existsSync('/root-home')).toBe(false);
  });
});
