import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, fixture, freePort, TestDaemon } from '../helpers/daemon.ts';
import { endMarked, explained, letLoose, measured, pidOf } from './stage.ts';

const QUICK = { cooldown: '1s', bringUpBackoff: '100ms', retryEvery: '200ms' };
const linesIn = (file: string): number => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').length;
  } catch {
    return 0;
  }
};
const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

describe.concurrent('what a watchdog must not be fooled by', () => {
  /*
   * A pid is used again. The pid file of a service that ended names a program that was started since, which has nothing to do
   * with it; who trusts the number ends that.
   */
  test('a pid that was given to another program is not the service', async ({ onTestFinished }) => {
    const daemon = new TestDaemon(onTestFinished);
    const innocent = (): ChildProcess => {
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const port = await freePort();
    const pidFile = join(daemon.home, 'web.pid');
    const victim = innocent();
    writeFileSync(pidFile, String(victim.pid));
    const naive = letLoose(onTestFinished, {}, ['--tcp', String(port), '--kill', pidFile]);
    await eventually('it has ended another program', () => isGone(victim));
    measured('pid used again', `${naive.count('killed')} unrelated program killed`);
    expect(naive.count('killed')).toBeGreaterThan(0);
    await naive.end();

    const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
    const web = { http: `http://127.0.0.1:${port}/`, start, every: '1s', hungAfter: '2s', policy: QUICK };
    await daemon.write({ services: { web } }).start();
    const before = pidOf(await daemon.well('web'));
    await daemon.kill('SIGKILL');
    process.kill(before, 'SIGKILL');
    const stranger = innocent();
    // The recorded identity with the pid of a stranger and the start of the service: what a pid used again looks like.
    const file = join(daemon.home, 'state.json');
    const recorded = readFileSync(file, 'utf8');
    expect(recorded).toMatch(new RegExp(`"pid": ?${before}\\b`));
    writeFileSync(file, recorded.replaceAll(new RegExp(`("pid": ?)${before}\\b`, 'g'), `$1${stranger.pid}`));
    await daemon.start();
    const after = await daemon.well('web', stranger.pid);
    expect(isGone(stranger)).toBe(false);
    expect(pidOf(after)).not.toBe(before);
    expect(after.attempts).toEqual([]);
    expect(explained(daemon, 'web')).toContain('It is down and is brought up');
  });

  /*
   * A restart command that says ok, leaves the hung program where it is, and starts a second copy beside it. Each look of a
   * watchdog makes one more.
   */
  test('a restart command that makes a second copy is run once, seen not to help, and followed by the next step', async ({
    onTestFinished,
  }) => {
    const daemon = new TestDaemon(onTestFinished);
    const port = await freePort();
    const copies = join(daemon.home, 'copies');
    const mark = `COPIES=${copies}`;
    onTestFinished(async () => void (await eventually('no copy is left', () => endMarked(mark) === 0)));
    // Finds the port taken and takes the next one that is free, as many a development server does.
    const copy = `echo copy >>'${copies}'; COPIES='${copies}' setsid '${process.execPath}' '${fixture('web.mjs')}' >/dev/null 2>&1 & echo ok`;
    const restart = join(daemon.home, 'restart.sh');
    writeFileSync(restart, `#!/bin/sh\n${copy}\n`, { mode: 0o700 });
    const start = [process.execPath, fixture('web.mjs'), '--port', String(port), '--hang-on', 'SIGUSR2'];
    const hung = spawn(start[0] ?? '', start.slice(1), { stdio: 'ignore' });
    onTestFinished(() => void hung.kill('SIGKILL'));
    const naive = letLoose(onTestFinished, {}, [
      '--http',
      `http://127.0.0.1:${port}/`,
      '--every',
      '300',
      '--',
      restart,
    ]);
    await eventually('it answers', () => naive.count('well') > 0);
    const atFirst = linesIn(copies);
    hung.kill('SIGUSR2');
    await eventually('copies', () => linesIn(copies) - atFirst >= 3);
    measured('second copies', `${linesIn(copies) - atFirst} copies beside the hung one`);
    await naive.end();
    hung.kill('SIGKILL');
    await eventually('no copy is left', () => endMarked(mark) === 0);
    writeFileSync(copies, '');

    mkdirSync(join(daemon.home, 'playbooks'), { mode: 0o700 });
    const steps = [
      { action: 'run-command', with: { argv: [restart] }, verify: { good: 1, every: '200ms', within: '3s' } },
      { action: 'restart-service' },
    ];
    const playbook = {
      name: 'by-script',
      summary: 'Runs the script.',
      for: 'service',
      when: ['hung'],
      slo: '10m',
      steps,
    };
    writeFileSync(join(daemon.home, 'playbooks/by-script.yaml'), JSON.stringify(playbook), { mode: 0o600 });
    const http = { url: `http://127.0.0.1:${port}/`, timeout: '1s', every: '1s' };
    await daemon
      .write({
        services: { web: { http, start, playbook: ['by-script', 'service-restart'], hungAfter: '2s', policy: QUICK } },
      })
      .start();
    const before = pidOf(await daemon.well('web'));
    process.kill(before, 'SIGUSR2');
    const after = await daemon.well('web', before);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered', steps: [{ verified: false }, { verified: true }] }]);
    expect(readFileSync(copies, 'utf8').match(/copy/g)).toHaveLength(1);
    expect(explained(daemon, 'web')).toContain('done, and did not help');
  });

  /*
   * Something that all depend on is gone, and two hundred services fail at once. Two hundred restarts at once help none of them
   * and finish the host.
   */
  test('two hundred that fail at once are not two hundred restarts', async ({ onTestFinished }) => {
    const daemon = new TestDaemon(onTestFinished);
    const ports: number[] = [];
    while (ports.length < 200) ports.push(await freePort());
    const starts = join(daemon.home, 'starts');
    const listen = `const net = require('node:net'); for (const port of process.argv.slice(1)) net.createServer((s) => s.end()).listen(+port, '127.0.0.1'); console.log('ready')`;
    const hub = () => {
      const child = spawn(process.execPath, ['-e', listen, ...ports.map(String)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const begin = join(daemon.home, 'begin.sh');
    writeFileSync(begin, `#!/bin/sh\necho started >>'${starts}'\n`, { mode: 0o700 });
    const looks = ports.flatMap((port) => ['--tcp', String(port)]);
    const naive = letLoose(onTestFinished, {}, [...looks, '--every', '60000', '--', begin]);
    await eventually('it starts them', () => linesIn(starts) >= 200);
    measured('200 at once', `${linesIn(starts)} starts at once`);
    await naive.end();
    writeFileSync(starts, '');

    const services = Object.fromEntries(
      ports.map((port, index) => [
        `s${index}`,
        {
          tcp: { address: `127.0.0.1:${port}`, every: '1s', timeout: '1s' },
          start: [begin],
          startGrace: '1s',
          hungAfter: '2s',
          policy: QUICK,
        },
      ]),
    );
    const child = hub();
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await daemon.write({ services, disk: [], memory: 'off' }).start();
    await daemon.until('all are well', async () =>
      (await daemon.snapshot()).targets.every(({ state }) => state === 'working'),
    );
    child.kill('SIGKILL');
    const ruling = await daemon.until('its breaker is open', async () =>
      (await daemon.snapshot()).targets.flatMap(({ rulings }) => rulings).find(({ code }) => code === 'limit-breaker'),
    );
    expect(ruling.text).toContain(
      '6 attempts on this host within 10 min: something bigger is wrong, all recovery rests',
    );
    // Nobody is forgotten: all are seen to be down, and each says why nothing is done for it.
    const down = await daemon.until('all are told of', async () => {
      const { targets } = await daemon.snapshot();
      return targets.every(({ state, rulings }) => state === 'down' && rulings.length > 0) ? targets : undefined;
    });
    expect(down).toHaveLength(200);
    expect(linesIn(starts)).toBe(6);
    const waits = down.findLast(({ attempts }) => attempts.length === 0)?.id ?? '';
    await daemon.until('it says why', () => explained(daemon, waits).includes(ruling.text));
    await daemon.until('a person is told', async () => (await daemon.alerts()).length > 0);
  });
});
