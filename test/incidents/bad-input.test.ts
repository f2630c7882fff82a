import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, fixture, freePort, TestDaemon } from '../helpers/daemon.ts';
import { endMarked, explained, letLoose, linesIn, measured, pidOf } from './stage.ts';

const QUICK = { cooldown: '1s', bringUpBackoff: '100ms', retryEvery: '200ms' };
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
    expect(after.attempts[0]).toMatchObject({
      playbook: 'by-script',
      outcome: 'recovered',
      steps: [{ verified: false }, { verified: true }],
    });
    expect(readFileSync(copies, 'utf8').match(/copy/g)).toHaveLength(1);
    expect(explained(daemon, 'web')).toContain('done, and did not help');
  });
});
