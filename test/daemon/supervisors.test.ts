import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { fixture, freePort, TestDaemon } from '../helpers/daemon.ts';

/** Starts a program anew as soon as it has ended. `end` resolves when the last one is gone. */
function supervise(args: readonly string[]): { end(): Promise<void> } {
  let child: ChildProcess;
  let isOver = false;
  const start = (): void => {
    child = spawn(process.execPath, args, { stdio: 'ignore' });
    child.once('exit', () => isOver || start());
  };
  start();
  return {
    end: async () => {
      isOver = true;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

describe.concurrent('a real supervisor that is not us', () => {
  test.each([
    ['soon after it answers', '900', '0', 'web ends again and again'],
    ['before it answers', '400', '60000', 'web does not accept connections'],
  ])('starts again and again what ends %s: it is told', async (_, livesMs, slowMs, title) => {
    const port = await freePort();
    const flags = ['--exit', '1', '--exit-after', livesMs, '--slow-start', slowMs];
    const program = [fixture('web.mjs'), '--port', String(port), ...flags];
    const supervisor = supervise(program);
    const atEnd: (() => Promise<void>)[] = [];
    try {
      const web = {
        http: `http://127.0.0.1:${port}/`,
        process: { match: `web.mjs --port ${port} ` },
        every: '1s',
        hungAfter: '3s',
        policy: { failureThreshold: 3, retryEvery: '200ms' },
      };
      const daemon = await new TestDaemon((clean) => atEnd.push(clean)).write({ services: { web } }).start();
      // On a busy machine its short lives are told before its silence, which is then told as getting worse.
      const isTold = (alert: { title: string }): boolean => alert.title.startsWith(title);
      await daemon.until('it is told', async () => (await daemon.alerts()).some(isTold));
      const { steps } = (await daemon.snapshot()).incidents[0] ?? {};
      expect(steps?.[0]?.kind).toBe('detected');
      expect(JSON.stringify(await daemon.alerts())).toContain('something else starts it');
    } finally {
      for (const clean of atEnd) await clean();
      await supervisor.end();
    }
  });
});
