import { copyFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { restartService } from '../../actions/restart-service.ts';
import type { TrackedProcess } from '../../src/core/types.ts';
import { lookAt } from '../../src/host/processes.ts';
import { fixture, type Running, startProgram } from '../fixtures/start.ts';
import { context, endLater, folder, identityOf } from './act.ts';

/** A service whose program is named like no other, and a way to restart it because its port refuses. */
async function service(script: string) {
  const home = await folder();
  await copyFile(fixture('web.mjs'), join(home, script));
  const port = await freePort();
  const argv = [process.execPath, script, '--port', String(port)];
  const fixed = { service: 'web', argv, cwd: home, env: {}, logFile: join(home, 'web.log'), stopGraceMs: 2_000 };
  const options = { ...fixed, hungStopGraceMs: 100, settleMs: 100, port, match: script };
  const restart = async (tracked?: TrackedProcess) => {
    const outcome = await restartService.run(options, context(home, { reason: 'refused', tracked }));
    if (outcome.process !== undefined) endLater(outcome.process);
    return outcome;
  };
  return { home, restart };
}

async function run(args: readonly string[], cwd: string, env = process.env): Promise<Running> {
  const running = await startProgram(process.execPath, args, { ready: false, cwd, env });
  onTestFinished(running.stop);
  return running;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const WAITS = 'setInterval(() => {}, 1e6)';

test('an agent that was told to mend the service lives, and the service is started', async () => {
  const { home, restart } = await service('mended-web.mjs');
  const agent = await identityOf((await run(['-e', WAITS, 'please fix mended-web.mjs and restart it'], home)).pid);
  expect(await restart()).toMatchObject({ outcome: 'done', did: [expect.stringContaining('started')] });
  expect(lookAt(agent)).toBe('alive');
});

test('a tool that works on its file is not ended, and nothing is started beside what may be the service', async () => {
  const { home, restart } = await service('linted-web.mjs');
  await copyFile(fixture('web.mjs'), join(home, 'lint.mjs'));
  const tool = await identityOf((await run(['lint.mjs', '--pid-file', 'linted-web.mjs'], home)).pid);
  expect(await restart()).toMatchObject({ outcome: 'refused', trouble: { code: 'NOT_PROVEN' } });
  expect(lookAt(tool)).toBe('alive');
});

test('of two strangers that match none is ended, and both are named', async () => {
  const { home, restart } = await service('twin-web.mjs');
  const twins = await Promise.all([1, 2].map(async () => identityOf((await run(['twin-web.mjs'], home)).pid)));
  const outcome = await restart();
  expect(outcome).toMatchObject({ outcome: 'refused', did: [], trouble: { code: 'NOT_PROVEN' } });
  for (const { pid } of twins) expect(outcome.trouble?.message).toContain(`(pid ${pid})`);
  expect(twins.map(lookAt)).toEqual(['alive', 'alive']);
});

test('a program of the same name in another folder is another program, and the service is started', async () => {
  const { restart } = await service('common-web.mjs');
  const elsewhere = await folder();
  await copyFile(fixture('web.mjs'), join(elsewhere, 'common-web.mjs'));
  const other = await identityOf((await run(['common-web.mjs'], elsewhere)).pid);
  expect((await restart()).outcome).toBe('done');
  expect(lookAt(other)).toBe('alive');
});

test('a job of the service that carries its mark is not ended, not even when it was taken for the service', async () => {
  const { home, restart } = await service('working-web.mjs');
  const env = { ...process.env, JARVIS_HEALTH_SERVICE: 'web', JARVIS_HEALTH_HOME: join(home, 'jarvis-health') };
  const job = await identityOf((await run(['-e', WAITS], home, env)).pid);
  const { pid, startToken, command, cwd } = job;
  const tracked = { pid, startToken, command, cwd, hadTerminal: false, proven: true, ownGroup: undefined };
  expect(await restart(tracked)).toMatchObject({ outcome: 'refused', trouble: { code: 'NOT_PROVEN' } });
  expect((await restart()).outcome).toBe('done');
  expect(lookAt(job)).toBe('alive');
});
