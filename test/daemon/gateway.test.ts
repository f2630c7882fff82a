import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gatewayCliRestart } from '../../actions/gateway-cli-restart.ts';
import { findGateway } from '../../src/host/gateway/find-gateway.ts';
import { createHands } from '../../src/host/hands.ts';
import { listProcesses } from '../../src/host/processes.ts';
import { freePort, type TestDaemon } from '../helpers/daemon.ts';
import { CONTAINER, withGateway } from '../helpers/gateway.ts';
import { fakeCli } from '../host/owners/fake-cli.ts';

const pidOf = (target: { process: { pid: number } | undefined }): number => target.process?.pid ?? 0;

describe.concurrent('a gateway that nobody supervises', () => {
  test('that boots slowly is left to boot', async ({ onTestFinished }) => {
    const { daemon } = await withGateway(onTestFinished, { flags: ['--slow-boot', '7000'], rest: { hungAfter: '1s' } });
    await daemon.start();
    const { attempts } = await daemon.well('gateway');
    expect(attempts).toEqual([]);
    expect((await daemon.snapshot()).incidents).toEqual([]);
  });

  test('that hangs is ended and started, and no other signal was sent to it', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished, { flags: ['--ignore-term'] });
    await daemon.start();
    const before = await daemon.well('gateway');
    process.kill(pidOf(before), 'SIGUSR2');
    const after = await daemon.well('gateway', pidOf(before));
    expect(after.attempts).toMatchObject([{ outcome: 'recovered', playbook: 'gateway-restart' }]);
    expect((await daemon.snapshot()).incidents[0]?.title).toBe('gateway stopped answering');
    expect(existsSync(join(fake.state, 'faults'))).toBe(false);
    expect(fake.calls()).toEqual([]);
  });

  test('that answers with a page of HTML, from a child of a wrapper, is seen and brought back', async ({
    onTestFinished,
  }) => {
    const { daemon } = await withGateway(onTestFinished, { brand: 'clawdbot', flags: ['--orphan'] });
    await daemon.start();
    const before = await daemon.well('gateway');
    const child = (await listProcesses()).find(({ ppid }) => ppid === pidOf(before));
    if (child === undefined) throw new Error('the wrapper has no child');
    process.kill(child.pid, 'SIGUSR2');
    const after = await daemon.well('gateway', pidOf(before));
    expect(after.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect((await listProcesses()).some(({ pid }) => pid === child.pid)).toBe(false);
  });

  test('that drains and begins anew inside its process is not restarted', async ({ onTestFinished }) => {
    const flags = ['--drain', '6000', '--slow-boot', '6000'];
    const { daemon } = await withGateway(onTestFinished, { flags, rest: { hungAfter: '1s' } });
    await daemon.start();
    const before = await daemon.well('gateway');
    process.kill(pidOf(before), 'SIGHUP');
    for (const reason of ['degraded', 'refused']) {
      await daemon.until(`it is ${reason}`, async () => {
        const { checks } = await daemon.target('gateway');
        return checks.some((check) => check.reason === reason);
      });
    }
    const after = await daemon.well('gateway');
    expect(pidOf(after)).toBe(pidOf(before));
    expect(after.attempts).toEqual([]);
  });

  test('that refuses its configuration is not looped on, and tried anew when that was mended', async ({
    onTestFinished,
  }) => {
    const { daemon, fake } = await withGateway(onTestFinished, { flags: ['--exit-after', '1200'] });
    const config = readFileSync(fake.configFile, 'utf8');
    writeFileSync(fake.configFile, `// refused\n${config}`);
    await daemon.start();
    await daemon.until('it gave up', async () => (await daemon.alerts()).some(({ kind }) => kind === 'failed'));
    const given = await daemon.target('gateway');
    expect(given.attempts.length).toBeLessThanOrEqual(1);
    expect(given.rulings.map(({ code }) => code)).toContain('refused-configuration');
    writeFileSync(fake.configFile, config);
    await daemon.well('gateway');
  });

  test('that a person has stopped stays so until a person starts it', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished);
    await daemon.start();
    const before = await daemon.well('gateway');
    spawnSync(process.execPath, [fake.entry, 'gateway', 'stop'], { env: { ...process.env, ...fake.env } });
    process.kill(pidOf(before), 'SIGTERM');
    const hold = await daemon.until('it is held', async () =>
      (await daemon.snapshot()).holds.find(({ kind }) => kind === 'person'),
    );
    expect(hold.reason).toContain('It was stopped by hand');
    expect((await daemon.target('gateway')).attempts).toEqual([]);
    const own = spawn(process.execPath, [fake.entry, 'gateway'], {
      env: { ...process.env, ...fake.env, JARVIS_HEALTH_HOME: daemon.home },
      detached: true,
      stdio: 'ignore',
    });
    own.unref();
    const after = await daemon.well('gateway', pidOf(before));
    expect(pidOf(after)).toBe(own.pid);
    expect(after.attempts).toEqual([]);
    expect(await daemon.alerts()).toEqual([]);
  });

  test('whose config names another port is well until it listens there', async ({ onTestFinished }) => {
    const { daemon, fake } = await withGateway(onTestFinished);
    await daemon.start();
    const before = await daemon.well('gateway');
    const port = await freePort();
    writeFileSync(fake.configFile, `{ gateway: { port: ${port} } }`);
    await daemon.until('the new port is in the plan', () => daemon.log().includes('gateway changed'));
    expect(pidOf(await daemon.well('gateway'))).toBe(pidOf(before));
    process.kill(pidOf(before), 'SIGKILL');
    const after = await daemon.well('gateway', pidOf(before));
    expect(after.attempts).toHaveLength(1);
  });

  test('that ends again and again is left in peace after two unclean ends, whoever caused them', async ({
    onTestFinished,
  }) => {
    const { daemon } = await withGateway(onTestFinished);
    await daemon.start();
    for (let ends = 0, last = 0; ends < 3; ends += 1) {
      const target = await daemon.well('gateway', last);
      last = pidOf(target);
      process.kill(last, 'SIGKILL');
    }
    const alert = await daemon.until('it is told', async () =>
      (await daemon.alerts()).find(({ kind }) => kind === 'failed'),
    );
    expect(alert.body).toContain('left in peace');
    const { attempts, rulings } = await daemon.target('gateway');
    expect(attempts).toHaveLength(2);
    expect(rulings[0]).toMatchObject({ code: 'left-in-peace' });
    expect(rulings[0]?.until).toBeGreaterThan(Date.now() + 25 * 60_000);
  });
});

describe.concurrent('what explain says of a gateway', () => {
  /** In one line, as words may be broken anywhere. */
  const explained = (daemon: TestDaemon): string => daemon.run('explain', 'gateway').out.replaceAll(/\s+/g, ' ');

  test('that takes more and more memory: how much, with all that runs under it', async ({ onTestFinished }) => {
    const flags = ['--orphan', '--leak', '200'];
    const { daemon } = await withGateway(onTestFinished, { brand: 'clawdbot', flags });
    await daemon.start();
    await daemon.well('gateway');
    const [, size] = await daemon.until(
      'it is measured',
      () => /uses (\d+) MB of memory in 2 processes/.exec(explained(daemon)) ?? undefined,
    );
    expect(Number(size)).toBeGreaterThan(210);
    const { body } = await daemon.ask('/metrics');
    expect(body).toMatch(/^jarvis_health_target_memory_bytes\{target="gateway"\} \d{9}$/m);
  });

  test('that burns a core and answers nothing: that it was killed, and what is left of its budget', async ({
    onTestFinished,
  }) => {
    const { daemon } = await withGateway(onTestFinished, { flags: ['--busy'] });
    await daemon.start();
    const before = await daemon.well('gateway');
    process.kill(pidOf(before), 'SIGUSR2');
    await daemon.well('gateway', pidOf(before));
    const text = explained(daemon);
    expect(text).toContain('helped after');
    expect(text).toContain(`(pid ${pidOf(before)})`);
    expect(text).toContain('Unclean ends: 1 of 2 within 10 min.');
  });

  test('that ends with status 1 whenever it is started: its last words, and that it is left in peace', async ({
    onTestFinished,
  }) => {
    const { daemon } = await withGateway(onTestFinished, { brand: 'clawdbot', flags: ['--exit', '1'] });
    await daemon.start();
    const peace = /Unclean ends: 3, and 2 are allowed, within 10 min; left in peace until \d\d:\d\d:\d\d\./;
    await daemon.until('it is left in peace', () => peace.test(explained(daemon)) || undefined);
    const alert = await daemon.until('it is told', async () => (await daemon.alerts()).at(-1));
    expect(alert.evidence).toContain('It ended with exit status 1.');
    expect(alert.evidence.at(-1)).toBe('the configuration is refused');
  });
});

test.each([
  ['ok', 'ended with status 0, which says little; it last said: {"action":"restart","ok":true'],
  ['refuses', 'ended with status 1, which says little; it last said: the gateway could not be restarted'],
] as const)(
  'its command line (%s) is never believed: explain says what it said, and that nothing came of it',
  async (mode, said) => {
    const { daemon, fake } = await withGateway(onTestFinished, CONTAINER);
    fake.setCli(mode);
    const docker = fakeCli(daemon.home, 'docker', CONTAINER);
    await daemon.start();
    await daemon.until('its attempt has ended', async () =>
      (await daemon.target('gateway')).attempts.find(({ outcome }) => outcome === 'not-recovered'),
    );
    const text = daemon.run('explain', 'gateway').out.replaceAll(/\s+/g, ' ');
    expect(docker.calls()).toContain('docker start gateway');
    expect(text).toContain('asked docker to start gateway');
    expect(text).toContain('container gateway ended with status 1.');
    expect(text).toContain(said);
    expect(text).toContain('It was started and ended again: container gateway ended with status 1');
  },
);

test('a command line that blocks is ended with all that it started', async ({ onTestFinished }) => {
  const { daemon, fake } = await withGateway(onTestFinished);
  fake.setCli('blocks');
  const homeFolder = join(daemon.home, 'agent');
  const gateway = await findGateway({ env: fake.env, homeFolder });
  if (gateway === undefined) throw new Error('no gateway was found');
  const hands = createHands({ dryRun: false, home: daemon.home });
  const { outcome, did } = await gatewayCliRestart.run(
    { gateway, homeFolder, env: { ...fake.env }, start: undefined, timeoutMs: 3_000 },
    { target: 'gateway', reason: 'gone', tracked: undefined, hands, signal: AbortSignal.timeout(60_000), nowMs: 0 },
  );
  expect(outcome).toBe('done');
  expect(did.join()).toContain('did not end within 3 s and was ended');
  const pids = readFileSync(join(fake.state, 'cli-family'), 'utf8').trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  expect((await listProcesses()).filter(({ pid }) => pids.includes(pid))).toEqual([]);
});
