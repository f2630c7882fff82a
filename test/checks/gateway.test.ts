import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { gatewayCheck } from '../../checks/gateway.ts';
import type { GatewayPlace } from '../../src/core/gateway.ts';
import { freePort } from '../helpers/daemon.ts';
import { installed, placeOf, room, running } from '../host/gateway/places.ts';
import { context } from './look.ts';

const answer = (status = 200) => ({ kind: 'answer', status, replyMs: 1.26, found: undefined }) as const;
const ready = (status: number, failing: readonly string[] = []) => ({ status, failing, uptimeMs: 5_000 });
const sight = (alive: object, rest: object = {}) =>
  ({ reply: { alive, ready: undefined }, runAgeMs: undefined, trippedMs: undefined, ...rest }) as Parameters<
    typeof gatewayCheck.assess
  >[0];

test('a look says what all of it takes in memory, also while it hangs', () => {
  const memory = { memoryBytes: 900, processes: 3 };
  expect(gatewayCheck.assess(sight(answer(), { memory }), { gateway: undefined }).metrics).toMatchObject(memory);
  const hung = sight({ kind: 'no-answer', waitedMs: 10_000 }, { memory });
  expect(gatewayCheck.assess(hung, { gateway: undefined }).metrics).toEqual(memory);
});

describe('what a look at a gateway says', () => {
  test.each([
    ['a page of HTML', sight(answer()), 'ok', 'fine', 'answers in 1 ms'],
    ['a page that wants a login', sight(answer(401)), 'ok', 'fine', 'answers in'],
    ['an error', sight(answer(500)), 'critical', 'failing', 'answers with status 500'],
    ['ready', sight(answer(), { reply: { alive: answer(), ready: ready(200) } }), 'ok', 'fine', 'answers in'],
    [
      'draining',
      sight(answer(), { reply: { alive: answer(), ready: ready(503, ['gateway-draining']) } }),
      'warning',
      'degraded',
      'finishes its work before it ends or begins anew (gateway-draining)',
    ],
    [
      'starting parts',
      sight(answer(), { reply: { alive: answer(), ready: ready(503, ['startup-sidecars', 'telegram']) } }),
      'warning',
      'degraded',
      'still starts parts of itself (startup-sidecars), telegram',
    ],
    [
      'no word on being ready',
      sight(answer(), { reply: { alive: answer(), ready: 'no-answer' } }),
      'warning',
      'degraded',
      'does not say whether it is ready',
    ],
    [
      'a breaker of two minutes ago',
      sight(answer(), { trippedMs: 120_000 }),
      'warning',
      'degraded',
      'channels may be off',
    ],
    ['a breaker of long ago', sight(answer(), { trippedMs: 3_600_000 }), 'ok', 'fine', 'answers in'],
    ['no answer', sight({ kind: 'no-answer', waitedMs: 10_000 }), 'critical', 'silent', 'no answer within 10 s'],
    [
      'a closed port and a young run',
      sight({ kind: 'trouble', code: 'ECONNREFUSED', afterMs: 1 }, { runAgeMs: 12_000 }),
      'critical',
      'refused',
      'its present run began 12 s ago',
    ],
    ['a busy host', sight({ kind: 'late', waitedMs: 20_000 }), 'unknown', 'cannot-look', 'too busy'],
    [
      'a connection that is cut',
      sight({ kind: 'trouble', code: 'ECONNRESET', afterMs: 1 }),
      'critical',
      'wrong-answer',
      'cuts them',
    ],
    [
      'something else',
      sight({ kind: 'trouble', code: 'HPE_INVALID', afterMs: 1 }),
      'critical',
      'wrong-answer',
      'not with HTTP',
    ],
  ] as const)('%s', (_, seen, status, reason, message) => {
    const said = gatewayCheck.assess(seen, { gateway: undefined });
    expect(said).toMatchObject({ status, reason });
    expect(said.message).toContain(message);
  });
});

/** A port of this process that answers as it is told. */
async function listening(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

const place = (port: number, brand: GatewayPlace['brand'] = 'openclaw'): GatewayPlace => {
  const folder = room();
  return { brand, stateFolder: folder, configFile: `${folder}/${brand}.json`, lockFolders: [folder], port };
};
const look = async (options: Parameters<typeof gatewayCheck.observe>[0], timeoutMs = 5_000) =>
  gatewayCheck.assess(await gatewayCheck.observe(options, context({ timeoutMs })), options);

describe('asking a gateway', () => {
  it('tells both brands well by what each has', async () => {
    const asked: string[] = [];
    const port = await listening(({ url }, response) => {
      asked.push(url ?? '');
      const text = url === '/readyz' ? '{"ready":true,"failing":[],"uptimeMs":7000}' : '<html>';
      response.setHeader('connection', 'close').end(text);
    });
    expect(await look({ gateway: place(port) })).toMatchObject({ status: 'ok', metrics: { runAgeMs: 7_000 } });
    expect(await look({ gateway: place(port, 'clawdbot') })).toMatchObject({ status: 'ok' });
    expect(asked).toEqual(['/healthz', '/readyz', '/']);
  });

  it('takes one that has no word for ready as it is, and believes no garbage', async () => {
    const none = await listening(({ url }, response) => {
      response.writeHead(url === '/readyz' ? 404 : 200, { connection: 'close' }).end('<html>');
    });
    expect(await look({ gateway: place(none) })).toMatchObject({ status: 'ok' });
    const garbage = await listening(({ url }, response) => {
      const text = JSON.stringify({ failing: Array.from({ length: 50 }, () => 'x'.repeat(500)), uptimeMs: 'long' });
      response.writeHead(url === '/readyz' ? 503 : 200, { connection: 'close' }).end(text);
    });
    const said = await look({ gateway: place(garbage) });
    expect(said).toMatchObject({ status: 'warning', reason: 'degraded' });
    expect(said.message.length).toBeLessThan(500);
  });

  it('is no silence when only the word for ready is late', async () => {
    const port = await listening(({ url }, response) => {
      if (url !== '/readyz') response.setHeader('connection', 'close').end('{}');
      else response.writeHead(200, { connection: 'close' }).flushHeaders();
    });
    expect(await look({ gateway: place(port) }, 400)).toMatchObject({ status: 'warning', reason: 'degraded' });
  });

  it('could not look where none is installed', async () => {
    await expect(look({ gateway: undefined })).rejects.toThrow('no gateway is installed');
  });

  it('sees a slow boot: the port is closed, and its lock says since when it starts', async () => {
    const fake = installed('openclaw', await freePort());
    await running(fake, ['--slow-boot', '600000'], false);
    const gateway = await placeOf(fake);
    await expect
      .poll(async () => (await look({ gateway })).metrics?.['runAgeMs'], { timeout: 8_000 })
      .toBeGreaterThanOrEqual(0);
    expect(await look({ gateway })).toMatchObject({ status: 'critical', reason: 'refused', silent: true });
  });

  it('asks where its lock says that it listens, when its config already names another port', async () => {
    const fake = installed('openclaw', await freePort());
    const port = await freePort();
    await running(fake, ['--port', String(port)]);
    const options = { gateway: await placeOf(fake) };
    expect(options.gateway.port).not.toBe(port);
    expect(await look(options)).toMatchObject({ status: 'ok' });
    expect(await look(options)).toMatchObject({ status: 'ok' });
    expect(await look({ ...options, port: options.gateway.port })).toMatchObject({ reason: 'refused' });
  });

  it.runIf(process.platform === 'linux')(
    'finds one that listens at another address only (SKIPPED elsewhere: the loopback has one address)',
    async () => {
      const fake = installed('clawdbot', await freePort());
      await running(fake, ['--host', '127.0.0.2']);
      expect(await look({ gateway: await placeOf(fake) })).toMatchObject({ status: 'ok' });
    },
  );

  const openssl = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!openssl)('asks by HTTPS where its config says so, whoever signed (SKIPPED: no openssl)', async () => {
    const folder = room();
    const files = ['-keyout', `${folder}/key`, '-out', `${folder}/cert`];
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...files,
      '-subj',
      '/CN=x',
      '-days',
      '1',
    ]);
    const pair = { key: readFileSync(`${folder}/key`), cert: readFileSync(`${folder}/cert`) };
    const server = createTlsServer(pair, (_, response) => response.setHeader('connection', 'close').end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    expect(await look({ gateway: { ...place(port), tls: true } })).toMatchObject({ status: 'ok' });
    // Its config was changed and it was not restarted yet: nothing to end it for.
    expect(await look({ gateway: place(port) })).toMatchObject({ status: 'critical', reason: 'wrong-answer' });
  });

  it('hears silence from one that hangs', async () => {
    const fake = installed('clawdbot', await freePort());
    const gateway = await running(fake);
    const options = { gateway: await placeOf(fake) };
    expect(await look(options)).toMatchObject({ status: 'ok' });
    gateway.child.kill('SIGUSR2');
    await expect.poll(async () => (await look(options, 150)).reason).toBe('silent');
  });
});
