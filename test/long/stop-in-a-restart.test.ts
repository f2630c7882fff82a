import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { eventually, fixture, freePort, program, TestDaemon } from '../helpers/daemon.ts';

test('a daemon that is stopped in the middle of a long restart leaves the service running', async ({
  onTestFinished,
}) => {
  const port = await freePort();
  const start = [process.execPath, fixture('web.mjs'), '--port', String(port), '--ignore-term'];
  const daemon = await new TestDaemon(onTestFinished)
    .write({
      // Longer than the 30 s that stop gives a daemon with nothing under way.
      services: { web: { http: `http://127.0.0.1:${port}/`, start, stopGrace: '35s' } },
      disk: [],
      memory: 'off',
    })
    .start();
  await daemon.well('web');
  expect(daemon.run('recover', 'web', '--force', '--no-wait').code).toBe(0);
  await eventually('the service is asked to end', () => daemon.log().includes('kill -TERM') || undefined);
  const stop = spawnSync(process.execPath, [program, '--home', daemon.home, 'stop'], {
    encoding: 'utf8',
    timeout: 110_000,
  });
  expect(stop.stdout).toMatch(/has ended in order/);
  expect(stop.stderr).toContain('The daemon ends when it is done with web (restart it)');
  expect(daemon.log()).toMatch(/stopped node [^"]*","started node/);
  await eventually('it answers again', async () => (await fetch(`http://127.0.0.1:${port}/`)).ok || undefined);
});
