import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run as install } from '../../src/cli/install.ts';
import { findRivals } from '../../src/install/rivals/find.ts';
import { signIn } from '../../src/install/rivals/signs.ts';
import { sayStep } from '../../src/install/steps.ts';
import { aHost } from './a-host.ts';
import { aMac } from './mac.ts';

describe('a line', () => {
  it.each([
    '*/5 * * * * /opt/bin/openclaw gateway restart',
    'curl -fsS localhost:18789 || clawdbot gateway start',
    'launchctl kickstart -k gui/501/ai.openclaw.gateway',
    'systemctl --user restart clawdbot-gateway.service',
    'pkill -f openclaw-gateway',
    'pm2 restart openclaw',
    'subprocess.run(["openclaw", "gateway", "restart"], check=True)',
    "spawn('systemctl', ['--user', 'restart', 'openclaw-gateway.service'])",
    "execFileSync('pkill', ['-f', 'openclaw-gateway'])",
    '/usr/bin/python3 /Users/ada/clawd/health_system.py',
    'com.jarvis.health-system',
  ])('gives a rival away: %s', (line) => expect(signIn(line)).toBe(line));

  it.each([
    '# openclaw gateway restart',
    'openclaw gateway status',
    'tail -f ~/.openclaw/logs/gateway.log',
    'node /opt/openclaw/dist/entry.js gateway --port 18789',
    'systemctl --user restart nginx',
    'subprocess.run(["openclaw", "gateway", "status"])',
    'jarvis-health recover gateway',
  ])('gives nobody away: %s', (line) => expect(signIn(line)).toBeUndefined());
});

describe('rivals', () => {
  it('are none on a host that has none, nor the gateway itself, nor we', async ({ onTestFinished }) => {
    const { write, ground } = aHost(onTestFinished);
    const gateway = '[Service]\nExecStart=/usr/bin/node /opt/openclaw/dist/entry.js gateway start\n';
    write('.config/systemd/user/openclaw-gateway.service', gateway);
    write('.config/systemd/user/jarvis-health.service', 'ExecStart="x" "start" "--home" "/openclaw gateway restart"\n');
    write('.config/systemd/user/web.service', '[Service]\nExecStart=/usr/bin/python3 -m http.server\n');
    write('Library/LaunchAgents/ai.openclaw.gateway.plist', '<string>openclaw gateway start</string>');
    expect(await findRivals(ground)).toEqual([]);
    expect(await findRivals({ ...ground, platform: 'darwin' })).toEqual([]);
  });

  it('are found in units, in the script that a unit names, and stopped with their timer', async ({
    onTestFinished,
  }) => {
    const { write, ground } = aHost(onTestFinished);
    const script = write('bin/look.sh', '#!/bin/sh\n# a script\nhealthy || openclaw gateway restart\n');
    write('.config/systemd/user/look.service', `[Service]\nExecStart=-${script} --quiet\n`);
    write('.config/systemd/user/look.timer', '[Timer]\nOnCalendar=minutely\n');
    const found = await findRivals(ground);
    expect(found).toMatchObject([
      { name: 'systemd user unit look.service', sign: 'healthy || openclaw gateway restart' },
    ]);
    expect(found[0]?.retire.map((step) => sayStep(step, false))).toEqual([
      'run systemctl --user --no-ask-password disable --now look.timer look.service',
    ]);
  });

  it('of the whole host are shown to a user, and are root’s to end', async ({ onTestFinished }) => {
    const { write, ground } = aHost(onTestFinished);
    write('etc/systemd/system/guard.service', '[Service]\nExecStart=/usr/bin/clawdbot gateway restart\n');
    write('etc/cron.d/claw', '* * * * * ada openclaw gateway restart\n');
    const found = await findRivals({ ...ground, uid: 4_000_000 });
    expect(found.map(({ retire }) => retire)).toEqual([[], []]);
    expect(found[0]?.byHand).toMatch(/^sudo systemctl/);
  });

  it('in a crontab become comments, and the table as it was is kept', async ({ onTestFinished }) => {
    const { table, ground } = aHost(onTestFinished);
    writeFileSync(table, 'MAILTO=ada\n*/5 * * * * openclaw gateway restart\n0 3 * * * backup\n');
    const [rival] = await findRivals(ground);
    const texts = rival?.retire.flatMap((step) => (step.do === 'write' ? [step.text] : []));
    expect(texts).toEqual([
      readFileSync(table, 'utf8'),
      'MAILTO=ada\n# retired by jarvis-health: */5 * * * * openclaw gateway restart\n0 3 * * * backup\n',
    ]);
    writeFileSync(table, texts?.[1] ?? '');
    expect(await findRivals(ground)).toEqual([]);
  });

  const noPython = spawnSync('python3', ['--version']).status !== 0;
  it.skipIf(noPython)(
    `are found as a running program that nobody supervises${noPython ? ' (SKIPPED: no python3)' : ''}`,
    async ({ onTestFinished }) => {
      const { folder, write, ground } = aHost(onTestFinished);
      write('gateway_watchdog.py', 'import os, time\ntime.sleep(1000)\nos.system("openclaw gateway restart")\n');
      const child = spawn('python3', ['gateway_watchdog.py'], { cwd: folder, stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      await expect
        .poll(async () => (await findRivals(ground)).map(({ retire }) => retire))
        .toMatchObject([[{ do: 'stop-process', pid: child.pid }]]);
    },
  );
});

describe('retiring', () => {
  const label = 'com.jarvis.health-system';
  const plist = `Library/LaunchAgents/${label}.plist`;
  const text = `<dict><key>Label</key>\n<string>${label}</string><string>/usr/bin/python3</string></dict>`;

  it('happens to nobody without a consent, not even with --yes', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    writeFileSync(mac.at(plist), text);
    await install(mac.context, [], { yes: true }, mac.host);
    expect(existsSync(mac.at(plist))).toBe(true);
    expect(mac.said()).toMatch(/This restarts the gateway too: launchd job com\.jarvis\.health-system[\s\S]*--retire/);
  });

  it('with --retire stops the old agent and moves its file aside', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    writeFileSync(mac.at(plist), text);
    mkdirSync(mac.at('launchctl/loaded'));
    writeFileSync(mac.at('launchctl/loaded', label), '');
    await install(mac.context, [], { retire: true }, mac.host);
    expect(mac.told()[0]).toBe(`bootout gui/501/${label}`);
    expect(existsSync(mac.at(plist))).toBe(false);
    expect(readFileSync(mac.at(`${plist}.retired`), 'utf8')).toBe(text);
    expect(mac.said()).toContain('To bring it back: mv ');
    await install(mac.context, [], { retire: true }, mac.host);
    expect(mac.said()).toContain('nothing was changed');
  });

  const nightly =
    '<dict><key>Label</key><string>me.nightly</string><string>/bin/openclaw gateway restart</string></dict>';

  it('by --retire alone leaves what may be needed; by its name it goes', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    const file = 'Library/LaunchAgents/me.nightly.plist';
    writeFileSync(mac.at(file), nightly);
    await install(mac.context, [], { retire: true }, mac.host);
    expect(existsSync(mac.at(file))).toBe(true);
    expect(mac.said()).toMatch(/To retire it: .*\sinstall\s+--retire\s+me\.nightly/s);
    await expect(install(mac.context, [], { retire: ['nightly'] }, mac.host)).rejects.toMatchObject({
      code: 'USAGE',
      hint: 'There is: me.nightly',
    });
    await install(mac.context, [], { retire: ['me.nightly'] }, mac.host);
    expect(existsSync(mac.at(`${file}.retired`))).toBe(true);
  });

  it('leaves a job alone whose label cannot be read', async ({ onTestFinished }) => {
    const mac = await aMac(onTestFinished);
    const file = 'Library/LaunchAgents/me.other-name.plist';
    writeFileSync(mac.at(file), 'bplist00\x01/usr/bin/python3\x02/Users/ada/clawd/health_system.py\x03');
    await install(mac.context, [], { retire: true }, mac.host);
    expect(existsSync(mac.at(file))).toBe(true);
    expect(mac.said()).toContain('To end it: launchctl bootout');
  });
});
