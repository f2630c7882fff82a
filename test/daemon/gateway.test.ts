import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gatewayCliRestart } from '../../actions/gateway-cli-restart.ts';
import { findGateway } from '../../src/host/gateway/find-gateway.ts';
import { createHands } from '../../src/host/hands.ts';
import { listProcesses } from '../../src/host/processes.ts';
import { type FakeGateway, installGateway } from '../fixtures/gateway/install.ts';
import { freePort, TestDaemon } from '../helpers/daemon.ts';

type AtEnd = ConstructorParameters<typeof TestDaemon>[0];
type Options = {
  readonly brand?: FakeGateway['brand'];
  readonly flags?: readonly string[];
  /** Options of the service, over those of the tests. */
  readonly rest?: object;
};

const QUICK = { cooldown: '1s', bringUpBackoff: '100ms', retryEvery: '200ms' };

/** A daemon that is told nothing but the preset and the start command, and a gateway that was never started. */
async function withGateway(atEnd: AtEnd, { brand = 'openclaw', flags = [], rest = {} }: Options = {}) {
  const daemon = new TestDaemon(atEnd);
  const root = join(daemon.home, 'agent');
  mkdirSync(root);
  const fake = installGateway(root, brand, await freePort());
  const start = [process.execPath, fake.entry, 'gateway', ...flags];
  const times = { hungAfter: '3s', startGrace: '20s', stopGrace: '2s', every: '1s' };
  daemon.write({
    services: { gateway: { preset: 'gateway', env: fake.env, start, ...times, policy: QUICK, ...rest } },
  });
  return { daemon, fake };
}

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
