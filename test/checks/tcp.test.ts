import { expect, test } from 'vitest';
import { tcpCheck } from '../../checks/tcp.ts';
import { listenTcp } from '../fixtures/tcp.ts';
import { freePort } from '../helpers/daemon.ts';
import { context } from './look.ts';

const look = async (host: string, port: number, timeoutMs = 5_000) => {
  const options = { host, port };
  return tcpCheck.assess(await tcpCheck.observe(options, context({ timeoutMs })), options);
};

test('who accepts is well, even if nothing is ever said', async () => {
  const silent = await listenTcp('silent');
  expect(await look('127.0.0.1', silent.port)).toMatchObject({ status: 'ok', reason: 'fine' });
});

test('a closed port is refused', async () => {
  expect(await look('127.0.0.1', await freePort())).toMatchObject({
    status: 'critical',
    reason: 'refused',
    silent: true,
  });
});

test('a name that does not exist is no fault of the service', async () => {
  expect(await look('no-such-name.invalid', 80)).toMatchObject({ status: 'unknown', reason: 'cannot-look' });
});

test('no answer to the connection in time is silence', () => {
  const seen = tcpCheck.assess({ kind: 'no-answer', waitedMs: 5_000 }, { host: 'a', port: 1 });
  expect(seen).toMatchObject({ status: 'critical', reason: 'silent', silent: true });
});
