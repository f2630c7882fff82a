import { connect, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { findListeners, holdersOf } from '../../src/host/ports.ts';
import { parseTcpTable } from '../../src/host/ports-linux.ts';
import { startFixture } from '../fixtures/start.ts';

const servers: Server[] = [];

async function listen(host: string, port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function hasIpv6(): Promise<boolean> {
  return await listen('::1').then(
    () => true,
    () => false,
  );
}

const ipv6 = await hasIpv6();

afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => new Promise((resolve) => one.close(resolve))));
});

describe('the holders of a port', () => {
  it('are found with number and command', async () => {
    const web = await startFixture('foreign.mjs');
    const [holder, ...others] = await holdersOf(web.port);
    expect(others).toEqual([]);
    expect(holder).toMatchObject({ address: '127.0.0.1', port: web.port, pid: web.pid });
    expect(holder?.command).toContain('foreign.mjs');
    await web.stop();
    expect(await holdersOf(web.port)).toEqual([]);
  });

  it.each(['127.0.0.1', '0.0.0.0', ...(ipv6 ? ['::1', '::'] : [])])('are found on %s', async (host) => {
    const port = await listen(host);
    expect(await holdersOf(port)).toMatchObject([{ address: host, port, pid: process.pid }]);
    expect(await findListeners()).toContainEqual(expect.objectContaining({ address: host, port, pid: process.pid }));
  });

  it('are those who listen, not those who are connected', async () => {
    const port = await listen('127.0.0.1');
    const client = connect(port, '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
    expect(await holdersOf(port)).toHaveLength(1);
    expect(await holdersOf(client.localPort ?? 0)).toEqual([]);
    client.destroy();
  });
});

describe.skipIf(process.platform !== 'linux')('the table of the kernel (SKIPPED off Linux)', () => {
  it('gives addresses of both families, in their short form', () => {
    const row = (local: string, state: string) =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0`;
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      row('0100007F:1F90', '0A'),
      row('00000000000000000000000001000000:1F91', '0A'),
      row('00000000000000000000000000000000:0050', '0A'),
      row('B80D0120000000000000000001000000:0051', '0A'),
      row('0000000000000000FFFF00000100007F:0052', '0A'),
      row('0100007F:1F92', '01'),
    ].join('\n');
    expect(parseTcpTable(text).map(({ address, port }) => `${address} ${port}`)).toEqual([
      '127.0.0.1 8080',
      '::1 8081',
      ':: 80',
      '2001:db8::1 81',
      '127.0.0.1 82',
    ]);
  });
});
