import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serviceLogName } from '../../src/config/service-log.ts';
import { serviceMark } from '../../src/host/processes.ts';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

/** Nothing but what the test is about is looked at. */
const ALONE = { disk: [], memory: 'off' };
const QUICK = { cooldown: '200ms', bringUpBackoff: '50ms', bringUpTries: 1 };
const MARKUP = '<img src=x onerror=alert(1)>';

function web(port: number, ...flags: readonly string[]): readonly string[] {
  return [process.execPath, fixture('web.mjs'), '--port', String(port), ...flags];
}

describe.concurrent('a start command', () => {
  test('that does not exist is named in the alert', async ({ onTestFinished }) => {
    const http = `http://127.0.0.1:${await freePort()}/`;
    const services = { web: { http, start: ['no-such-program-4711', '--serve'], policy: QUICK } };
    const daemon = await new TestDaemon(onTestFinished).write({ ...ALONE, services }).start();
    const alert = await daemon.until('it is alerted', async () => (await daemon.alerts())[0]);
    expect(alert.body).toContain('no-such-program-4711');
    expect(daemon.run('status').out).toContain('web');
    expect(daemon.run('explain', 'web').out).toContain('no-such-program-4711');
  });

  test('that prints for ever is served, and what it prints is bounded', async ({ onTestFinished }) => {
    const port = await freePort();
    const services = { web: { http: `http://127.0.0.1:${port}/`, start: web(port, '--print-forever') } };
    const daemon = await new TestDaemon(onTestFinished).write({ ...ALONE, services }).start();
    const file = join(daemon.home, 'logs/services', serviceLogName('web'));
    await daemon.until('its log was cut', () => (daemon.log().includes('service log cut') ? true : undefined));
    await daemon.well('web');
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(3 * 20 * 1_024 * 1_024);
    expect(await daemon.alerts()).toEqual([]);
  });

  test('that takes its time to leave its work to another process is no service that ended', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const work = JSON.stringify([fixture('web.mjs'), '--port', String(port), '--slow-start', '2500']);
    const leave = `require('child_process').spawn(process.execPath, ${work}, { detached: true, stdio: 'ignore' }).unref()`;
    const start = [process.execPath, '-e', `${leave}; setTimeout(() => {}, 1000)`];
    const services = { web: { http: `http://127.0.0.1:${port}/`, start } };
    const daemon = await new TestDaemon(onTestFinished).write({ ...ALONE, services }).start();
    const before = await daemon.well('web');
    process.kill(before.process?.pid ?? 0, 'SIGKILL');
    const after = await daemon.well('web', before.process?.pid);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect(daemon.log().match(/"action ended"/g)).toHaveLength(2);
  });

  test('that makes a daemon of itself: it is found, and when it is killed it is brought back', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const services = { web: { http: `http://127.0.0.1:${port}/`, start: web(port, '--daemonise') } };
    const daemon = await new TestDaemon(onTestFinished).write({ ...ALONE, services }).start();
    const before = await daemon.well('web');
    const pid = before.process?.pid ?? 0;
    expect(await serviceMark(pid, daemon.home)).toBe('web');
    process.kill(pid, 'SIGKILL');
    const after = await daemon.well('web', pid);
    expect(after.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect(await serviceMark(after.process?.pid ?? 0, daemon.home)).toBe('web');
    expect(await daemon.alerts()).toEqual([]);
  });
});

describe.concurrent('strange names and hostile words', () => {
  test('a name of dots, blanks, markup and foreign letters is one service everywhere', async ({ onTestFinished }) => {
    const names = ['my app.v2 ü', `x/../${MARKUP}`, '$& `id` %2e 日本'];
    const ports = await Promise.all(names.map(freePort));
    const services = Object.fromEntries(
      names.map((name, at) => [name, { http: `http://127.0.0.1:${ports[at]}/`, start: web(ports[at] ?? 0) }]),
    );
    const daemon = await new TestDaemon(onTestFinished).write({ ...ALONE, services }).start();
    for (const name of names) {
      const { process: tracked } = await daemon.well(name);
      process.kill(tracked?.pid ?? 0, 'SIGKILL');
      await daemon.well(name, tracked?.pid);
      expect(existsSync(join(daemon.home, 'logs/services', serviceLogName(name)))).toBe(true);
      expect(daemon.run('explain', name)).toMatchObject({ code: 0, out: expect.stringContaining(name) });
    }
    expect(daemon.run('hold', names[1] ?? '', '--for', '1m', '--reason', 'see')).toMatchObject({ code: 0, err: '' });
    expect(daemon.run('status').out).toContain('my app.v2 ü');
    expect(daemon.run('audit', 'verify').code).toBe(0);
    await daemon.until('the page has the names', () =>
      readFileSync(join(daemon.home, 'health-data.js'), 'utf8').includes('my app.v2 ü') ? true : undefined,
    );
    expect(readFileSync(join(daemon.home, 'health.html'), 'utf8')).not.toContain(MARKUP);
    expect(readFileSync(join(daemon.home, 'health-data.js'), 'utf8')).not.toContain(MARKUP);
  });

  test('what a failing service prints obeys nobody: terminal, health.txt, page and alerts', async ({
    onTestFinished,
  }) => {
    const words = `\u001b]0;owned\u0007\u001b[2J\u001b[31m${MARKUP}</script>\u202egnp\u0000\u009b1m`;
    const port = await freePort();
    const start = [
      process.execPath,
      '-e',
      `process.stderr.write(${JSON.stringify(`${words}\n${words}\n`)});process.exitCode=1`,
    ];
    const daemon = await new TestDaemon(onTestFinished)
      .write({ ...ALONE, services: { web: { http: `http://127.0.0.1:${port}/`, start, policy: QUICK } } })
      .start();
    await daemon.until('it is alerted', async () => (await daemon.alerts())[0]);
    await daemon.until('the page tells of it', () =>
      readFileSync(join(daemon.home, 'health-data.js'), 'utf8').includes('alert-opened') ? true : undefined,
    );
    const said = [
      ...[
        ['status', '--all'],
        ['explain', 'web'],
        ['incidents', 'show', '1'],
        ['alerts', 'list'],
        ['logs'],
        ['audit'],
        ['alerts', 'take', '--json'],
      ].map((args) => daemon.run(...args).out),
      readFileSync(join(daemon.home, 'health.txt'), 'utf8'),
    ];
    for (const text of said) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    }
    for (const file of ['health.html', 'health-data.js']) {
      const text = readFileSync(join(daemon.home, file), 'utf8');
      expect(text).not.toContain('<img');
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
      // Its own element only: nothing of ours was closed by their words.
      if (file.endsWith('.js')) expect(text).not.toContain('</script');
    }
  });
});

test('the log of a service that became a link is not written through, and the service runs all the same', async ({
  onTestFinished,
}) => {
  const port = await freePort();
  const services = { web: { http: `http://127.0.0.1:${port}/`, start: web(port) } };
  const daemon = new TestDaemon(onTestFinished).write({ ...ALONE });
  const victim = join(daemon.home, 'victim');
  writeFileSync(victim, 'mine');
  await daemon.start();
  symlinkSync(victim, join(daemon.home, 'logs/services', serviceLogName('web')));
  daemon.write({ ...ALONE, services });
  await daemon.well('web');
  expect(readFileSync(victim, 'utf8')).toBe('mine');
});
