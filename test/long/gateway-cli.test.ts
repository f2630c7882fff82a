import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listProcesses } from '../../src/host/processes.ts';
import { CONTAINER, withGateway } from '../helpers/gateway.ts';
import { fakeCli } from '../host/owners/fake-cli.ts';

test('a command line that blocks is ended after a minute with all that it started, and explain says so', async () => {
  const { daemon, fake } = await withGateway(onTestFinished, CONTAINER);
  fake.setCli('blocks');
  fakeCli(daemon.home, 'docker', CONTAINER);
  await daemon.start();
  const ended = async () =>
    (await daemon.target('gateway')).attempts.find(({ outcome }) => outcome === 'not-recovered');
  await expect.poll(ended, { timeout: 100_000, interval: 1_000 }).toBeDefined();
  const text = daemon.run('explain', 'gateway').out.replaceAll(/\s+/g, ' ');
  expect(text).toContain('ran `openclaw gateway restart`, which did not end within 60 s and was ended');
  const pids = readFileSync(join(fake.state, 'cli-family'), 'utf8').trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  expect((await listProcesses()).filter(({ pid }) => pids.includes(pid))).toEqual([]);
});
