import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersonError } from '../../src/errors.ts';
import { ask, exchange } from '../../src/http/client.ts';
import type { Operations } from '../../src/http/operations.ts';
import { routes } from '../../src/http/routes.ts';
import { serveOperations } from '../../src/http/server.ts';
import { memoryOperations } from './operations.ts';

let folder: string;
let socketPath: string;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jh-http-'));
  socketPath = join(folder, 'd.sock');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(over: Partial<Operations> = {}, onFault?: (error: unknown) => void): Promise<string[]> {
  const { operations, asked } = memoryOperations(over);
  open.push(await serveOperations({ socketPath, operations, ...(onFault === undefined ? {} : { onFault }) }));
  return asked;
}

/** A request by Node's own client, so that our client is not tested only against itself. */
function send(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json' };

describe('the door', () => {
  it('is a socket that only its owner may open, also under a wide umask, and is gone when it closes', async () => {
    const mask = process.umask(0);
    try {
      await serve();
    } finally {
      process.umask(mask);
    }
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    await open.splice(0)[0]?.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  it('takes the place of a socket that a dead daemon left', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    await once(child, 'exit');
    expect(existsSync(socketPath)).toBe(true);
    await serve();
    expect((await exchange({ socketPath, path: '/health' })).status).toBe(200);
  });

  it('leaves a daemon that answers alone', async () => {
    await serve();
    await expect(serve()).rejects.toMatchObject({ code: 'DAEMON_RUNNING' });
    expect((await exchange({ socketPath, path: '/health' })).status).toBe(200);
  });

  it('removes nothing that is no socket', async () => {
    writeFileSync(socketPath, 'precious');
    await expect(serve()).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
    expect(existsSync(socketPath)).toBe(true);
  });

  it('says what to do when the path is too long for a socket', async () => {
    const { operations } = memoryOperations();
    const trouble = await serveOperations({ socketPath: `/tmp/${'ä'.repeat(50)}/d.sock`, operations }).catch(
      (error: unknown) => error,
    );
    expect(trouble).toBeInstanceOf(PersonError);
    expect(trouble).toMatchObject({ code: 'HOME_NOT_WRITABLE', hint: expect.stringContaining('--home') });
  });
});

describe('routes', () => {
  it('answer with the state', async () => {
    await serve();
    const state = await ask({ socketPath, path: '/api/v1/state' });
    expect(state).toMatchObject({ schema: 1, verdict: { state: 'down' } });
    expect((await send('GET', '/api/v1/state')).headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('say whether it has looked', async () => {
    await serve({ ready: () => ({ ready: false, because: 'no look is back' }) });
    expect(await exchange({ socketPath, path: '/readyz' })).toEqual({
      status: 503,
      body: { ready: false, because: 'no look is back' },
    });
    expect(await exchange({ socketPath, path: '/health' })).toEqual({ status: 200, body: { status: 'alive' } });
  });

  it.each([
    [
      '/api/v1/targets/hub/hold',
      { forMs: 60_000, reason: 'upgrade' },
      'hold hub for 60000 because upgrade silent=false by local',
    ],
    ['/api/v1/targets/all/release', { by: 'ada' }, 'release all by ada'],
    ['/api/v1/targets/hub/silence', { forMs: 60_000 }, 'silence hub for 60000 by local'],
    ['/api/v1/targets/hub/unsilence', undefined, 'unsilence hub by local'],
    ['/api/v1/targets/hub/recover', { force: true }, 'recover hub dryRun=false force=true by local'],
    ['/api/v1/incidents/17/ack', {}, 'ack 17 by local'],
    ['/api/v1/incidents/17/stop', {}, 'stop 17 by local'],
    ['/api/v1/alerts/al-3/ack', {}, 'ack alert al-3 by local'],
    ['/api/v1/checks/run', { targets: ['hub'] }, 'look at hub'],
    ['/api/v1/daemon/stop', {}, 'end, by local'],
  ])('POST %s', async (path, body, want) => {
    const asked = await serve();
    await ask({ socketPath, method: 'POST', path, body });
    expect(asked).toEqual([want]);
  });

  it('reach names with dots, spaces, slashes and letters of any language', async () => {
    const asked = await serve();
    const name = 'my.hub/ü 服务';
    await expect(
      ask({ socketPath, method: 'POST', path: `/api/v1/targets/${encodeURIComponent(name)}/release` }),
    ).rejects.toMatchObject({
      code: 'TARGET_UNKNOWN',
      message: `There is no target "${name}".`,
      hint: 'Known targets: hub.',
    });
    expect(asked).toEqual([`release ${name} by local`]);
  });

  it('hand out an alert once', async () => {
    await serve();
    const take = () => ask({ socketPath, method: 'POST', path: '/api/v1/alerts/take' });
    expect(await take()).toMatchObject({ alerts: [{ id: 'al-3' }] });
    expect(await take()).toEqual({ alerts: [] });
  });

  it('show one incident, and 404 for one that is not', async () => {
    await serve();
    expect(await ask({ socketPath, path: '/api/v1/runtime/recovery/incidents/17' })).toMatchObject({ id: '17' });
    expect((await send('GET', '/api/v1/runtime/recovery/incidents/99')).status).toBe(404);
  });
});

describe('wrong requests', () => {
  it.each([
    ['a path that is not', 'GET', '/nothing', undefined, {}, 404, 'USAGE'],
    ['a method that is not possible', 'DELETE', '/api/v1/state', undefined, {}, 405, 'USAGE'],
    ['a GET of an action', 'GET', '/api/v1/targets/hub/recover', undefined, {}, 405, 'USAGE'],
    ['a path that is not well encoded', 'GET', '/api/v1/%zz', undefined, {}, 400, 'USAGE'],
    ['a body that is no JSON', 'POST', '/api/v1/targets/hub/hold', '{', json, 400, 'USAGE'],
    [
      'a body of another type',
      'POST',
      '/api/v1/targets/hub/hold',
      'forMs=1',
      { 'content-type': 'text/plain' },
      415,
      'USAGE',
    ],
    ['a body without a type', 'POST', '/api/v1/targets/hub/hold', '{}', {}, 415, 'USAGE'],
    ['an unknown key', 'POST', '/api/v1/targets/hub/hold', '{"forMs":60000,"fro":1}', json, 400, 'USAGE'],
    ['a missing key', 'POST', '/api/v1/targets/hub/hold', '{}', json, 400, 'USAGE'],
    ['a hold without end', 'POST', '/api/v1/targets/hub/hold', '{"forMs":1e300}', json, 400, 'USAGE'],
    ['an array', 'POST', '/api/v1/targets/hub/hold', '[]', json, 400, 'USAGE'],
    ['an unknown target', 'POST', '/api/v1/targets/hbu/release', '{}', json, 404, 'TARGET_UNKNOWN'],
    [
      'a body that is too large',
      'POST',
      '/api/v1/targets/hub/hold',
      JSON.stringify({ reason: 'x'.repeat(70_000) }),
      json,
      413,
      'USAGE',
    ],
  ])('%s', async (_, method, path, body, headers, status, code) => {
    const asked = await serve();
    const reply = await send(method, path, body, headers);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body)).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
    if (code === 'USAGE') expect(asked).toEqual([]);
  });

  it('405 names what is possible', async () => {
    await serve();
    expect((await send('POST', '/health')).headers.allow).toBe('GET, HEAD');
  });

  it('a chunked body without end is cut off', async () => {
    await serve();
    const socket = connect(socketPath);
    socket.write(
      'POST /api/v1/targets/hub/hold HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    for (let i = 0; i < 6; i += 1) socket.write(chunk);
    socket.on('error', () => {});
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('a client that goes away in the middle harms nobody', async () => {
    const faults: unknown[] = [];
    await serve({}, (error) => faults.push(error));
    const socket = connect(socketPath);
    socket.write(
      'POST /api/v1/targets/hub/hold HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{',
    );
    await once(socket, 'connect');
    socket.destroy();
    expect((await exchange({ socketPath, path: '/health' })).status).toBe(200);
    expect(faults).toEqual([]);
  });

  it('a fault of our own is told to the log and not to the client', async () => {
    const faults: unknown[] = [];
    await serve(
      {
        snapshot: () => {
          throw new Error('secret detail');
        },
      },
      (error) => faults.push(error),
    );
    const reply = await send('GET', '/api/v1/state');
    expect(reply.status).toBe(500);
    expect(reply.body).not.toContain('secret');
    expect(faults).toHaveLength(1);
  });
});

it('docs/http.md has every route', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/http.md'), 'utf8');
  for (const { method, path } of routes) expect(page).toContain(`\`${method} ${path.replace('{}', '{id}')}\``);
});

describe('the client', () => {
  it('says that no daemon runs when nobody listens', async () => {
    await expect(ask({ socketPath, path: '/health' })).rejects.toMatchObject({ code: 'DAEMON_NOT_RUNNING', exit: 69 });
  });

  it('says that the daemon is silent when it accepts and never answers, or answers by half', async () => {
    const half = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        if (data.includes('/half'))
          socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"');
      });
    });
    half.listen(socketPath);
    await once(half, 'listening');
    await expect(ask({ socketPath, path: '/never', timeoutMs: 50 })).rejects.toMatchObject({ code: 'DAEMON_SILENT' });
    await expect(ask({ socketPath, path: '/half' })).rejects.toMatchObject({ code: 'DAEMON_SILENT' });
    half.close();
  });

  it('reads an answer of several megabytes', async () => {
    await serve({ metrics: () => 'x'.repeat(3_000_000) });
    expect((await exchange({ socketPath, path: '/metrics' })).body).toHaveLength(3_000_000);
  });
});
