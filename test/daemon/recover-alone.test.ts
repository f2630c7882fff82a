import { request } from 'node:http';
import { expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

function service(port: number): object {
  const start = [process.execPath, fixture('web.mjs'), '--port', String(port)];
  return { http: `http://127.0.0.1:${port}/`, start, hungAfter: '1s', every: '1s', policy: { retryEvery: '200ms' } };
}

/** Whether anybody answers there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      resolve(true);
    });
    call.once('error', () => resolve(false)).end();
  });
}

test('a pass without a daemon recovers what is down, and the next one keeps to its limits', async ({
  onTestFinished,
}) => {
  const daemon = new TestDaemon(onTestFinished);
  const [port, other] = [await freePort(), await freePort()];
  daemon.write({ services: { web: service(port), api: service(other) }, disk: [], memory: 'off' });

  const first = daemon.run('check', 'web', '--recover', '--json');
  expect(first).toMatchObject({ code: 0, err: '' });
  const said = JSON.parse(first.out);
  expect(said.recovery).toMatchObject([{ target: 'web', attempt: { outcome: 'recovered', manual: false } }]);
  expect(said.recovery[0].text).toMatch(/^web is well again after/);
  expect(await answers(port)).toBe(true);
  // Not asked for, so not touched.
  expect(await answers(other)).toBe(false);
  const status = JSON.parse(daemon.run('status', '--json').out).snapshot;
  expect(status.daemon).toMatchObject({ state: 'stopped', reason: 'the end of its pass' });
  const web = status.targets.find(({ id }: { id: string }) => id === 'web');
  expect(web).toMatchObject({ attempts: [{ outcome: 'recovered' }], limits: { attemptsLastHour: 1 } });

  process.kill(web.process.pid, 'SIGKILL');
  const second = daemon.run('--once', '--recover', 'web');
  expect(second.code).toBe(2);
  expect(second.out).toMatch(/web: Not acted upon: the last attempt is less than 5 min ago, until \d\d:\d\d/);
  expect(await answers(port)).toBe(false);
  expect(daemon.run('audit', 'verify').code).toBe(0);
});

test('a pass without a config, or one that only observes, recovers nothing and says so', async ({ onTestFinished }) => {
  const daemon = new TestDaemon(onTestFinished);
  expect(daemon.run('check', 'memory', '--recover').out).toContain('Nothing is recovered: there is no config.');
  const port = await freePort();
  daemon.write({ services: { web: service(port) }, disk: [], memory: 'off', policy: { mode: 'observe' } });
  const seen = daemon.run('check', '--recover');
  expect(seen).toMatchObject({
    code: 2,
    out: expect.stringContaining('Nothing is recovered: its policy.mode is observe.'),
  });
  expect(await answers(port)).toBe(false);
});

test('a daemon that runs is the one that recovers', async ({ onTestFinished }) => {
  const daemon = new TestDaemon(onTestFinished);
  const port = await freePort();
  await daemon.write({ services: { web: service(port) }, disk: [], memory: 'off' }).start();
  const before = await daemon.well('web');
  process.kill(before.process?.pid ?? 0, 'SIGKILL');
  const pass = daemon.run('check', '--recover', '--json');
  expect(JSON.parse(pass.out)).not.toHaveProperty('recovery');
  await daemon.well('web', before.process?.pid);
});
