import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProcess } from '../../src/host/processes.ts';
import { findRivals } from '../../src/install/rivals/find.ts';
import { findKeepers } from '../../src/install/rivals/keepers.ts';
import { isCronOften, isJobOften, isTimerOften } from '../../src/install/rivals/recurs.ts';
import { runsGateway } from '../../src/install/rivals/runs-gateway.ts';
import { signOf } from '../../src/install/rivals/signs.ts';
import { rivalUnits } from '../../src/install/rivals/units.ts';
import { aHost } from './a-host.ts';

const BACKUP = 'systemctl --user stop openclaw-gateway\nrestic backup ~\nsystemctl --user start openclaw-gateway\n';
const START = '#!/bin/bash\npkill -f openclaw-gateway || true\nexec openclaw --profile a gateway run\n';

describe('what is nobody’s rival', () => {
  it.each([
    ['the gateway itself, with a line before it', '/usr/bin/openclaw gateway --port 18789', undefined],
    ['a shell that clears the way first', '/bin/sh -c "pkill -f openclaw-gateway; exec openclaw gateway"', undefined],
    ['a script that does so', '{}', START],
    ['a container that is stayed with', '/usr/bin/docker start -a openclaw', undefined],
    ['a backup', '{}', BACKUP],
    ['an update', '/bin/sh -c "npm i -g openclaw && openclaw gateway restart"', undefined],
  ])('is %s: no unit, no job, no line of a crontab', async (_, command, script) => {
    const cleanups: (() => void)[] = [];
    try {
      const { table, write, ground } = aHost((clean) => cleanups.push(clean));
      const line = script === undefined ? command : write('bin/it.sh', script);
      const before = 'ExecStartPre=-/usr/bin/pkill -f openclaw-gateway';
      const unit = `[Service]\n${before}\nExecStart=${line}\nExecStop=/bin/kill openclaw\n`;
      write('.config/systemd/user/mine.service', unit);
      write('.config/systemd/user/mine.timer', '[Timer]\nOnCalendar=minutely\n');
      const [first = '', rest = ''] = line.replaceAll('"', '').replaceAll('&', '&amp;').split(/ (.*)/);
      const label = '<key>Label</key><string>me.openclaw</string>';
      write('Library/LaunchAgents/me.openclaw.plist', `${label}<string>${first}</string><string>${rest}</string>`);
      writeFileSync(table, `*/5 * * * * ${line}\n@reboot openclaw gateway start\n`);
      expect(await findRivals(ground)).toEqual([]);
      expect(await findRivals({ ...ground, platform: 'darwin' })).toEqual([]);
    } finally {
      for (const clean of cleanups) clean();
    }
  });

  it('is a unit that the gateway runs in, whatever it says', async ({ onTestFinished }) => {
    const { folder, write, ground } = aHost(onTestFinished);
    write(
      '.config/systemd/user/hub.service',
      '[Service]\nExecStart=/bin/sh -c "while :; do openclaw gateway restart; done"\n',
    );
    const roots = { homeFolder: folder, etc: `${folder}/etc` };
    expect(await rivalUnits(roots, false, ground.run, { units: new Set(['system hub.service']) })).toHaveLength(1);
    expect(await rivalUnits(roots, false, ground.run, { units: new Set(['user hub.service']) })).toEqual([]);
  });

  it('is a process that a gateway was started by', async ({ onTestFinished }) => {
    const { folder, write, ground } = aHost(onTestFinished);
    const body =
      "#!/bin/bash\nbash -c 'exec -a openclaw-gateway sleep 1000' &\nwhile wait; do openclaw gateway restart; done\n";
    const watchdog = spawn('bash', [write('watchdog.sh', body)], { cwd: folder, detached: true, stdio: 'ignore' });
    const pid = watchdog.pid ?? 0;
    onTestFinished(() => void process.kill(-pid, 'SIGKILL'));
    const keepers = async () => (await findKeepers(folder, await ground.processes())).pids;
    await expect.poll(async () => (await keepers()).has(pid), { timeout: 5_000 }).toBe(true);
    expect(await findRivals(ground)).toEqual([]);
    // Without a gateway in it, it is one.
    const alone = await readProcess(pid);
    const found = await findRivals({ ...ground, processes: async () => (alone === undefined ? [] : [alone]) });
    expect(found).toMatchObject([{ id: String(pid), isSure: true }]);
  });

  it('is the script that installs us', async ({ onTestFinished }) => {
    const { folder, write, ground } = aHost(onTestFinished);
    const script = write('setup-health.sh', 'openclaw gateway restart\n');
    const own = await readProcess(process.pid);
    if (own === undefined) throw new Error('we are not there');
    const asBash = (pid: number) => ({ ...own, pid, argv: ['bash', script], command: `bash ${script}`, cwd: folder });
    const other = 4_000_001;
    const processes = async () => [asBash(process.pid), asBash(process.ppid), asBash(other)];
    expect((await findRivals({ ...ground, processes })).map(({ id }) => id)).toEqual([String(other)]);
    // Nor what another user runs, nor what a unit that was found explains.
    const theirs = async () => [{ ...asBash(other), uid: own.uid + 1 }];
    expect(await findRivals({ ...ground, processes: theirs })).toEqual([]);
    write('.config/systemd/user/setup.service', `[Service]\nExecStart=/bin/bash ${script}\n`);
    const found = await findRivals({ ...ground, processes: async () => [asBash(other)] });
    expect(found.map(({ id }) => id)).toEqual(['setup.service']);
  });
});

describe('a rival is retired without being named', () => {
  it.each([
    ['*/5 * * * * openclaw gateway restart', true],
    ['0 4 * * * openclaw gateway restart', false],
    ['@daily openclaw gateway restart', false],
    ['*/5 * * * * openclaw gateway restart\n0 4 * * * pkill openclaw', false],
    ['@reboot python3 health_system.py', true],
    ['*/5 * * * * curl -f localhost || openclaw gateway stop && openclaw gateway start', false],
  ])('when it does nothing else, and often: %s is %s', async (table, sure) => {
    const cleanups: (() => void)[] = [];
    try {
      const host = aHost((clean) => cleanups.push(clean));
      writeFileSync(host.table, `${table}\n`);
      expect(await findRivals(host.ground)).toMatchObject([{ id: 'crontab', isSure: sure }]);
    } finally {
      for (const clean of cleanups) clean();
    }
  });

  it.each([
    ['OnCalendar=minutely', true],
    ['OnCalendar=*:0/5', true],
    ['OnCalendar=*-*-* *:*:00', true],
    ['OnCalendar=*-*-* 04:00:00', false],
    ['OnCalendar=hourly', false],
    ['OnUnitActiveSec=30', true],
    ['OnUnitActiveSec=5min', true],
    ['OnUnitInactiveSec=2h', false],
    ['OnUnitActiveSec=1d', false],
    ['OnBootSec=30', false],
  ])('a timer with %s is often: %s', (line, often) => expect(isTimerOften(`[Timer]\n${line}\n`)).toBe(often));

  it('by a schedule within the hour', () => {
    expect(['* * * * * x', '*/10 * * * * x', '0,30 * * * * x', '0-59/5 * * * * x'].map(isCronOften)).not.toContain(
      false,
    );
    expect(['0 * * * * x', '5 4 * * * x', '@hourly x', '@reboot x'].map(isCronOften)).not.toContain(true);
    const every = (seconds: number) => `<key>StartInterval</key>\n<integer>${seconds}</integer>`;
    expect([isJobOften(every(300)), isJobOften(every(86_400)), isJobOften('<key>KeepAlive</key><true/>')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('by a loop of its own', () => {
    expect(signOf(['sh', '-c', 'while :; do openclaw gateway restart; sleep 60; done'])?.loops).toBe(true);
    expect(signOf(['sh', '-c', 'openclaw gateway restart'])?.loops).toBe(false);
  });
});

describe('a command', () => {
  it.each([
    'openclaw gateway',
    'exec openclaw gateway run --port 1',
    'OPENCLAW_STATE_DIR=/x nohup /usr/bin/openclaw --profile dev gateway',
    'cd /x && node --max-old-space-size=512 /x/openclaw/dist/index.js gateway --port 18789 >> log 2>&1',
    'true; exec -a me clawdbot-gateway || exec openclaw-gateway',
  ])('runs the gateway and stays with it: %s', (line) => expect(runsGateway(line)).toBe(true));

  it.each([
    'openclaw gateway restart',
    'nohup openclaw gateway > /tmp/log 2>&1 &',
    'pgrep -f "openclaw gateway" || openclaw gateway start',
    'systemctl --user restart openclaw-gateway',
    'docker restart openclaw',
    'echo openclaw gateway',
    `openclaw ${'-a '.repeat(500)}x`,
  ])('does not: %s', (line) => expect(runsGateway(line)).toBe(false));
});
