import { expect, test } from 'vitest';
import { eventually, TestDaemon } from '../helpers/daemon.ts';

// In a file of its own: it waits a quarter of a minute, most of it for the grace that a daemon is given, and others need not.
test('a daemon that hangs is ended, beyond doubt who it is, and stop says how', async ({ onTestFinished }) => {
  const daemon = await new TestDaemon(onTestFinished).write({ disk: [], memory: 'off' }).start();
  daemon.process?.kill('SIGSTOP');
  const status = daemon.run('status');
  expect(status.code).toBe(3);
  expect(status.out).toContain('is not answering');
  expect(daemon.run('stop')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/did not answer: it was ended with SIGTERM and, 10 s later, SIGKILL/),
  });
  await eventually('it is gone', () => (daemon.process?.signalCode === 'SIGKILL' ? true : undefined));
});
