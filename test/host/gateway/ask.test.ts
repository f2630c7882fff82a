import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { gatewayUrl, isGatewayCommand } from '../../../src/core/gateway.ts';
import { askGateway } from '../../../src/host/gateway/ask-gateway.ts';
import { breakerTrippedAt } from '../../../src/host/gateway/breaker.ts';
import { findDoor } from '../../../src/host/gateway/find-door.ts';
import { readProcess } from '../../../src/host/processes.ts';
import { installed, placeOf } from './places.ts';

it('a gateway without a word for ready (404) is asked whether it lives, and no more', async () => {
  const server = createServer((request, reply) => {
    reply.statusCode = request.url === '/healthz' ? 200 : 404;
    reply.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const context = { signal: new AbortController().signal, timeoutMs: 5_000 };
  const { alive, ready } = await askGateway('openclaw', { host: '127.0.0.1', port, tls: false }, context);
  expect([alive.kind, ready]).toEqual(['answer', undefined]);
});

/** Some hosts have no IPv6 at all. */
const everywhere = networkInterfaces()['lo']?.some(({ family }) => family === 'IPv6') ? ['0.0.0.0', '::'] : ['0.0.0.0'];

it.each(everywhere)('one that listens on every address (%s) is asked at the loopback', async (address) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const own = await readProcess(process.pid);
  if (own === undefined) throw new Error('we are not there');
  const door = await findDoor(await placeOf(installed('openclaw')), { process: own, port, begunAt: 0 });
  expect(door).toEqual({ host: address === '::' ? '::1' : '127.0.0.1', port, tls: false });
});

it('an address of IPv6 stands in brackets', () => {
  expect(gatewayUrl({ host: '::1', port: 7, tls: true }, '/x')).toBe('https://[::1]:7/x');
  expect(gatewayUrl({ host: '127.0.0.1', port: 7, tls: false }, '/x')).toBe('http://127.0.0.1:7/x');
});

it('a title that was padded is read without its padding', () => {
  expect(isGatewayCommand(['clawdbot', '', 'gateway', '', ''], 'clawdbot')).toBe(true);
});

it('of several breakers the last tells when it tripped', async () => {
  const place = await placeOf(installed('openclaw'));
  const folder = join(place.stateFolder, 'logs/stability');
  mkdirSync(folder, { recursive: true });
  const at = [1_700_000_000, 1_700_000_600, 1_700_000_300];
  at.forEach((seconds, index) => {
    const file = join(folder, `${index}-gateway.crash_loop_breaker.json`);
    writeFileSync(file, '{}');
    utimesSync(file, seconds, seconds);
  });
  expect(breakerTrippedAt(place)).toBe(1_700_000_600_000);
});
