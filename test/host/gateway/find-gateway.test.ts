import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { isGatewayCommand } from '../../../src/core/gateway.ts';
import { findGateway } from '../../../src/host/gateway/find-gateway.ts';
import { lastBegunAt, readGatewayLock } from '../../../src/host/gateway/lock.ts';
import { memberIn, readGatewayConfig } from '../../../src/host/gateway/read-config.ts';
import { readProcess } from '../../../src/host/processes.ts';
import { installGateway } from '../../fixtures/gateway/install.ts';
import { until } from '../../fixtures/start.ts';
import { installed, placeOf, room, running } from './places.ts';

describe('the port in a config', () => {
  test.each([
    ['{ "gateway": { "port": 19001 } }', '19001'],
    [`// ports\n{ /* port: 1 */ gateway: { mode: 'local', port: 19001, }, }`, '19001'],
    [`{ 'gateway': { auth: { port: 7 }, list: [{ port: 8 }], 'port': "19001" } }`, '19001'],
    ['{ port: 5, other: { gateway: { port: 6 } }, gateway: {} }', undefined],
    ['{ gateway: { note: "port: 9 } {", port: 19001 } }', '19001'],
    ['', undefined],
  ])('of %s is %s', (text, port) => {
    expect(memberIn(text, ['gateway', 'port'])).toBe(port);
  });

  test.each([
    ['{ gateway: { port: "http://x:80/" } }', undefined, false],
    ['{ gateway: { port: 70000 } }', undefined, false],
    ['{ gateway: { port: 19001, tls: { enabled: true } } }', 19_001, true],
    ['{ gateway: { tls: { enabled: false } }, tls: { enabled: true } }', undefined, false],
    [undefined, undefined, false],
  ])('of a file with %s is %s, with TLS: %s', (text, port, tls) => {
    const file = join(room(), 'openclaw.json');
    if (text !== undefined) writeFileSync(file, text);
    expect(readGatewayConfig(file)).toEqual({ port, tls });
  });
});

describe('the command line of a gateway', () => {
  test.each([
    [['openclaw-gateway'], true],
    [['openclaw-gateway                  '], true],
    [['node', '/usr/lib/node_modules/openclaw/dist/index.js', 'gateway', '--port', '18789'], true],
    [['/usr/bin/node', '--max-old-space-size=512', '/opt/openclaw/openclaw.mjs', 'gateway'], true],
    [['node', '/usr/local/bin/openclaw', 'gateway', 'run', '--port', '1'], true],
    [['node', '/usr/lib/node_modules/openclaw/dist/index.js', 'gateway', 'status', '--json'], false],
    [['node', '/usr/lib/node_modules/openclaw/dist/index.js', 'tui'], false],
    [['openclaw'], false],
    [['clawdbot-gateway'], false],
    [['vim', 'openclaw-gateway.md'], false],
    [['node', 'proxy.js', 'openclaw', 'gateway'], false],
    [[], false],
  ])('%s: %s', (argv, is) => {
    expect(isGatewayCommand(argv, 'openclaw')).toBe(is);
  });
});

describe('finding the gateway', () => {
  const asker = (homeFolder: string, env = {}) => ({ homeFolder, env });

  it('finds none where there is no state folder', async () => {
    expect(await findGateway(asker(room()))).toBeUndefined();
  });

  it('takes the newer of two brands, and the one that runs before it', async () => {
    const home = room();
    installGateway(home, 'openclaw', 19_001);
    const old = installGateway(home, 'clawdbot', 0, '2026.1.24-3');
    const env = { TMPDIR: old.env['TMPDIR'] };
    expect(await findGateway(asker(home, env))).toMatchObject({ brand: 'openclaw', port: 19_001 });
    await running(old);
    expect(await findGateway(asker(home, env))).toMatchObject({
      brand: 'clawdbot',
      stateFolder: join(home, '.clawdbot'),
    });
  });

  it('follows its environment: state folder, config and port', async () => {
    const home = room();
    mkdirSync(join(home, 'elsewhere'));
    writeFileSync(join(home, 'own.json'), '{"gateway":{"port":19002}}');
    const env = { OPENCLAW_STATE_DIR: '~/elsewhere', OPENCLAW_CONFIG_PATH: join(home, 'own.json') };
    expect(await findGateway(asker(home, env))).toMatchObject({
      brand: 'openclaw',
      stateFolder: join(home, 'elsewhere'),
      configFile: join(home, 'own.json'),
      port: 19_002,
    });
    const other = { ...env, OPENCLAW_GATEWAY_PORT: '19003' };
    expect(await findGateway(asker(home, other))).toMatchObject({ port: 19_003 });
  });

  it('takes the usual port where its config names none', async () => {
    const home = room();
    mkdirSync(join(home, '.openclaw'));
    expect(await findGateway(asker(home))).toMatchObject({ port: 18_789 });
  });

  it('sees an openclaw at work in the folder of the clawdbot that it follows', async () => {
    const home = room();
    const fake = installGateway(home, 'clawdbot', 19_001);
    mkdirSync(join(fake.state, 'tmp', `openclaw-${process.getuid?.()}`), { recursive: true });
    expect(await findGateway(asker(home))).toMatchObject({ brand: 'openclaw', configFile: fake.configFile });
  });
});

describe('the lock', () => {
  it.each(['openclaw', 'clawdbot'] as const)(
    'of %s names its process, and nobody once that has ended',
    async (brand) => {
      const fake = installed(brand);
      const place = await placeOf(fake);
      expect(await readGatewayLock(place)).toBeUndefined();
      const gateway = await running(fake);
      const lock = await readGatewayLock(place);
      expect(lock?.process.pid).toBe(gateway.pid);
      expect(lock?.begunAt).toBeGreaterThan(Date.now() - 60_000);
      expect(lastBegunAt(place)).toBe(lock?.begunAt);
      await gateway.stop();
      expect(await readGatewayLock(place)).toBeUndefined();
      expect(lastBegunAt(place)).toBe(lock?.begunAt);
    },
  );

  it('is not believed when its process number was given to another', async () => {
    const fake = installed('openclaw');
    const gateway = await running(fake);
    const place = await placeOf(fake);
    const [folder = ''] = place.lockFolders;
    const file = join(folder, 'gateway.state.lock');
    const text = readFileSync(file, 'utf8');
    await gateway.stop();
    writeFileSync(file, text.replace(/"pid":\d+/, `"pid":${process.pid}`));
    expect(await readGatewayLock(place)).toBeUndefined();
  });

  it('is not believed when it names a process that is no gateway, or was laid down by somebody else', async () => {
    const fake = installed('openclaw', 19_001);
    const place = await placeOf(fake);
    const [folder = ''] = place.lockFolders;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'gateway.state.lock');
    const self = await readProcess(process.pid);
    const startTime = Number(self?.startToken.split(':')[1]);
    const createdAt = new Date().toISOString();
    writeFileSync(file, JSON.stringify({ pid: process.pid, createdAt, configPath: place.configFile, startTime }));
    expect(await readGatewayLock(place)).toBeUndefined();
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is not believed (SKIPPED: only root can make one)', async () => {
    const fake = installed('openclaw');
    await running(fake);
    const place = await placeOf(fake);
    expect(await readGatewayLock(place)).toBeDefined();
    for (const folder of place.lockFolders.slice(0, 1)) chownSync(join(folder, 'gateway.state.lock'), 12_345, 12_345);
    expect(await readGatewayLock(place)).toBeUndefined();
  });

  it('tells that it began anew inside its process', async () => {
    const fake = installed('openclaw');
    const gateway = await running(fake, ['--drain', '20']);
    const place = await placeOf(fake);
    const before = await readGatewayLock(place);
    gateway.child.kill('SIGHUP');
    const after = await until(async () => {
      const lock = await readGatewayLock(place);
      return lock !== undefined && lock.begunAt > (before?.begunAt ?? 0) ? lock : undefined;
    });
    expect(after.process.pid).toBe(gateway.pid);
  });
});
