import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpCheck } from '../../checks/http.ts';
import { checkNamed } from '../../checks/index.ts';
import { startFixture } from '../fixtures/start.ts';
import { listenTcp } from '../fixtures/tcp.ts';
import { context } from './look.ts';

async function look(options: object, over: Parameters<typeof context>[0] = {}) {
  const check = checkNamed('http');
  if (check === undefined) throw new Error('no http check');
  return await check.look(options, context(over));
}

async function serve(answer: http.RequestListener): Promise<{ url: string; server: http.Server }> {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

test('says how fast it was answered', async () => {
  const { url } = await serve((_, response) => response.end('well'));
  const seen = await look({ url });
  expect(seen).toMatchObject({ status: 'ok', reason: 'fine' });
  expect(seen.message).toMatch(/^answers in \d+ ms$/);
  expect(seen.metrics?.['replyMs']).toBeGreaterThan(0);
});

test('a redirect, a wish to sign in and a missing page are answers', async () => {
  for (const status of [204, 301, 401, 404]) {
    const { url } = await serve((_, response) => response.writeHead(status, { location: '/nowhere' }).end());
    expect(await look({ url })).toMatchObject({ status: 'ok' });
  }
});

test('a status of 500 or more is failing, unless it is what was asked for', async () => {
  const { url } = await serve((_, response) => response.writeHead(503).end());
  expect(await look({ url })).toMatchObject({
    status: 'critical',
    reason: 'failing',
    message: 'answers with status 503',
  });
  expect(await look({ url, statuses: [{ from: 200, to: 204 }] })).toMatchObject({
    reason: 'failing',
    message: 'answers with status 503, 200-204 is expected',
  });
  expect(await look({ url, statuses: [{ from: 503, to: 503 }] })).toMatchObject({ status: 'ok' });
});

test('who says that it is asked too often is a warning, with what it wishes, unless the config accepts that', async () => {
  let wish: string | undefined;
  const { url } = await serve((_, response) =>
    response.writeHead(429, wish === undefined ? {} : { 'retry-after': wish }).end(),
  );
  const seen = await look({ url });
  expect(seen).toMatchObject({ status: 'warning', reason: 'rate-limited', metrics: { status: 429 } });
  expect(seen.message).toBe('answers with status 429: it is asked too often');
  expect(await look({ url, statuses: [{ from: 200, to: 299 }] })).toMatchObject({ reason: 'rate-limited' });
  expect(await look({ url, statuses: [{ from: 200, to: 499 }] })).toMatchObject({ status: 'ok' });
  for (const [says, shown] of [
    ['90', ', and wishes to be left alone for 1 min 30 s'],
    ['999999999', ', and wishes to be left alone for more than a day'],
    ['Sun, 06 Nov 2994 08:49:37 GMT', ', and wishes to be left alone for more than a day'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', ''],
    ['0', ''],
    ['soon', ''],
    ['-5', ''],
    ['9'.repeat(5_000), ''],
  ] as const) {
    wish = says;
    expect((await look({ url })).message).toBe(`answers with status 429: it is asked too often${shown}`);
  }
});

test('a good answer that comes late is slow, where that is asked for', async () => {
  const { url } = await serve((_, response) => setTimeout(() => response.end('well'), 30));
  expect(await look({ url })).toMatchObject({ status: 'ok' });
  expect(await look({ url, slowMs: 60_000 })).toMatchObject({ status: 'ok' });
  const seen = await look({ url, slowMs: 20 });
  expect(seen).toMatchObject({ status: 'warning', reason: 'slow' });
  expect(seen.message).toMatch(/^answers only after \d+ ms, more than 20 ms is slow$/);
  expect(await look({ url, slowMs: 20, body: 'is bad' })).toMatchObject({ reason: 'wrong-answer' });
});

test('a status outside those of the config is a wrong answer', async () => {
  const { url } = await serve((_, response) => response.writeHead(302).end());
  expect(await look({ url, statuses: [{ from: 200, to: 299 }] })).toMatchObject({
    status: 'critical',
    reason: 'wrong-answer',
  });
});

test('the expected text is found wherever a chunk ends, and missed where it is not', async () => {
  const { url } = await serve((_, response) => {
    response.write('all is w');
    setImmediate(() => response.end('ell'));
  });
  expect(await look({ url, body: 'is well' })).toMatchObject({ status: 'ok' });
  expect(await look({ url, body: 'is bad' })).toMatchObject({ status: 'critical', reason: 'wrong-answer' });
});

test('an endless page is read no further than 64 KiB', async () => {
  let sent = 0;
  const { url } = await serve((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(8_192))) sent += 8_192;
    };
    response.on('drain', more);
    more();
  });
  expect(await look({ url, body: 'never there' })).toMatchObject({ reason: 'wrong-answer' });
  expect(await look({ url })).toMatchObject({ status: 'ok' });
  expect(sent).toBeLessThan(64 * 1_048_576);
});

test('a stream of events that never ends is an answer', async () => {
  const { url } = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n'),
  );
  expect(await look({ url })).toMatchObject({ status: 'ok' });
});

test('who accepts and says nothing is silent', async () => {
  const silent = await listenTcp('silent');
  const seen = await look({ url: `http://127.0.0.1:${silent.port}/` }, { timeoutMs: 100 });
  expect(seen).toMatchObject({ status: 'critical', reason: 'silent', silent: true });
  expect(seen.evidence ?? 'suspect').toBe('suspect');
});

test('a hung event loop is silent though the kernel accepts', async () => {
  const web = await startFixture('web.mjs', ['--hang-after-request']);
  onTestFinished(web.stop);
  const url = `http://127.0.0.1:${web.port}/`;
  expect(await look({ url })).toMatchObject({ status: 'ok' });
  await expect.poll(() => look({ url }, { timeoutMs: 100 })).toMatchObject({ reason: 'silent', silent: true });
});

test('a cut connection is silent, a closed port is refused, and neither is an answer', async () => {
  const reset = await listenTcp('reset');
  const url = `http://127.0.0.1:${reset.port}/`;
  expect(await look({ url })).toMatchObject({ status: 'critical', reason: 'silent', silent: true });
  await reset.stop();
  expect(await look({ url })).toMatchObject({ status: 'critical', reason: 'refused', silent: true });
});

test('a program that speaks something else gives a wrong answer', async () => {
  const greeting = await listenTcp('greet');
  expect(await look({ url: `http://127.0.0.1:${greeting.port}/` })).toMatchObject({
    status: 'critical',
    reason: 'wrong-answer',
  });
});

test('a name that does not exist is no fault of the service', async () => {
  expect(await look({ url: 'http://no-such-name.invalid/' })).toMatchObject({
    status: 'unknown',
    reason: 'cannot-look',
  });
});

test('codes that say we could not look are unknown, and so is every code nobody thought of', () => {
  const options = { url: 'http://127.0.0.1/', method: 'GET' as const };
  for (const code of ['EMFILE', 'EACCES', 'EAI_AGAIN', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENEW', undefined]) {
    const seen = httpCheck.assess({ kind: 'trouble', code, afterMs: 1 }, options);
    expect(seen).toMatchObject({ status: 'unknown', reason: 'cannot-look' });
  }
});

test('a look that this host was too busy for is no evidence', () => {
  const seen = httpCheck.assess({ kind: 'late', waitedMs: 9_000 }, { url: 'http://127.0.0.1/', method: 'GET' });
  expect(seen).toMatchObject({ status: 'unknown', reason: 'cannot-look' });
});

test('sends the headers of the config, secrets revealed, on a connection of its own', async () => {
  const seen: http.IncomingHttpHeaders[] = [];
  const { url } = await serve((request, response) => {
    seen.push(request.headers);
    response.end();
  });
  const options = { url, headers: { authorization: { reveal: () => 'Bearer 123', toJSON: () => '[secret]' } } };
  const first = await look(options);
  await look(options);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toMatchObject({ authorization: 'Bearer 123', connection: 'close' });
  expect(JSON.stringify(first)).not.toContain('123');
});

test('an IPv6 address and a name both work', async () => {
  const server = http.createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => void server.close());
  const { port, address } = server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  expect(await look({ url: `http://${host}:${port}/a?b=c` })).toMatchObject({ status: 'ok' });
  expect(await look({ url: `http://localhost:${port}/` })).toMatchObject({ status: 'ok' });
});
