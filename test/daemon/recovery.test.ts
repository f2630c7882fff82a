import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

const QUICK = { cooldown: '5s', bringUpBackoff: '100ms' };

function web(port: number, flags: readonly string[] = [], rest: object = {}): object {
  return {
    http: `http://127.0.0.1:${port}/`,
    start: [process.execPath, fixture('web.mjs'), '--port', String(port), ...flags],
    ...rest,
  };
}

describe.concurrent('a real daemon and real processes', () => {
  test('what is down is brought up; killed it is back; the story is the same everywhere and nobody is alerted', async ({
    onTestFinished,
  }) => {
    const daemon = await new TestDaemon(onTestFinished).write({ services: { web: web(await freePort()) } }).start();
    const before = await daemon.well('web');
    expect(before.attempts).toEqual([]);
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    const after = await daemon.well('web', before.process?.pid);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered', manual: false }]);
    const { incidents } = await daemon.snapshot();
    expect(incidents).toMatchObject([{ target: 'web', phase: 'recovered', outcome: 'auto-fixed' }]);
    expect(incidents[0]?.steps.map((step) => step.kind)).toEqual([
      'detected',
      'attempt-started',
      'did',
      'attempt-helped',
      'recovered',
    ]);
    expect(daemon.run('incidents', 'show', '1').out).toContain('web stopped running');
    expect(daemon.run('explain', 'web').out).toContain('Attempt 1 of 3');
    expect(daemon.log()).toContain('Attempt 1 of 3: restart it');
    expect(daemon.run('status').code).toBe(0);
    expect(await daemon.alerts()).toEqual([]);
  });

  test('killed again within the cooldown it waits, says until when, and then acts', async ({ onTestFinished }) => {
    const daemon = await new TestDaemon(onTestFinished)
      .write({ services: { web: web(await freePort(), [], { policy: QUICK }) } })
      .start();
    const first = await daemon.well('web');
    process.kill(first.process?.pid ?? 0, 'SIGKILL');
    const second = await daemon.well('web', first.process?.pid);
    process.kill(second.process?.pid ?? 0, 'SIGKILL');
    const third = await daemon.well('web', second.process?.pid);
    const [later, earlier] = third.attempts;
    const waited = third.rulings.find((ruling) => ruling.code === 'limit-cooldown');
    expect(waited?.until).toBeGreaterThan(waited?.at ?? Number.POSITIVE_INFINITY);
    expect((later?.at ?? 0) - (earlier?.at ?? 0)).toBeGreaterThanOrEqual(5_000 - 50);
  });

  test('a service that hangs is ended and started anew, and nobody is alerted', async ({ onTestFinished }) => {
    const port = await freePort();
    const service = web(port, ['--hang-on', 'SIGUSR2', '--ignore-term'], {
      hungAfter: '1500ms',
      policy: { ...QUICK, retryEvery: '200ms' },
      stopGrace: '1s',
    });
    const daemon = await new TestDaemon(onTestFinished).write({ services: { web: service } }).start();
    const before = await daemon.well('web');
    process.kill(before.process?.pid ?? 0, 'SIGUSR2');
    const after = await daemon.well('web', before.process?.pid);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect((await daemon.snapshot()).incidents[0]?.title).toBe('web stopped answering');
    expect(existsSync(`/proc/${before.process?.pid}`)).toBe(false);
    expect(await daemon.alerts()).toEqual([]);
  });

  test('a start that always fails gives one alert with its last words, then gives up; taken once, told resolved', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const daemon = new TestDaemon(onTestFinished);
    const config = (start: readonly string[]) => ({
      services: { web: { ...web(port), start, policy: { ...QUICK, cooldown: '200ms' } } },
    });
    const broken = [process.execPath, fixture('web.mjs'), '--exit', '1'];
    await daemon.write(config(broken)).start();
    const alerts = await daemon.until('it gave up', async () => {
      const now = await daemon.alerts();
      return now.some((alert) => alert.kind === 'failed') ? now : undefined;
    });
    expect(alerts.map((alert) => alert.kind)).toEqual(['opened', 'failed']);
    expect(alerts[0]?.evidence.join('\n')).toContain('the database is not there');
    expect((await daemon.target('web')).attempts.filter((attempt) => !attempt.manual)).toHaveLength(3);
    const taken = JSON.parse(daemon.run('alerts', 'take', '--json').out);
    expect(taken.alerts).toHaveLength(2);
    expect(JSON.parse(daemon.run('alerts', 'take', '--json').out).alerts).toEqual([]);
    daemon.write(config([process.execPath, fixture('web.mjs'), '--port', String(port)]));
    await daemon.until('the new config is in force', async () => daemon.log().includes('config in force'));
    daemon.run('recover', 'web', '--force');
    await daemon.well('web');
    const resolved = await daemon.until('it is told resolved', async () =>
      (await daemon.alerts()).find((alert) => alert.kind === 'resolved'),
    );
    expect(resolved.target).toBe('web');
  });

  test('a foreign program on the port is never ended; its pid and command are alerted', async ({ onTestFinished }) => {
    const port = await freePort();
    const daemon = await new TestDaemon(onTestFinished).write({
      services: {
        web: web(port, [], { process: { match: `web.mjs --port ${port}` }, policy: { ...QUICK, retryEvery: '200ms' } }),
      },
    });
    const { spawn } = await import('node:child_process');
    const foreign = spawn(process.execPath, [fixture('foreign.mjs'), '--port', String(port)], {
      stdio: 'ignore',
      cwd: '/',
    });
    try {
      await daemon.start();
      const alert = await daemon.until('the holder is alerted', async () =>
        (await daemon.alerts()).find((one) => one.kind === 'failed'),
      );
      expect(alert.evidence.join(' ')).toContain(String(foreign.pid));
      expect(foreign.exitCode).toBeNull();
      expect((await daemon.target('web')).attempts).toEqual([]);
    } finally {
      foreign.kill('SIGKILL');
    }
  });

  test('the daemon killed in the middle of an attempt counts it, and does not start the service twice', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const service = web(port, ['--slow-start', '1500'], { startGrace: '20s' });
    const daemon = await new TestDaemon(onTestFinished).write({ services: { web: service } }).start();
    const before = await daemon.well('web');
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    await daemon.until('an attempt is under way', () => daemon.log().includes('"event":"did"'));
    await daemon.kill('SIGKILL');
    const state = JSON.parse(readFileSync(join(daemon.home, 'state.json'), 'utf8'));
    expect(state.targets.web.attempts).toHaveLength(1);
    await daemon.start();
    const after = await daemon.well('web', before.process?.pid);
    expect(after.attempts).toHaveLength(1);
    expect(after.attempts[0]?.outcome).toBe('interrupted');
  });
});
