import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { restartService } from '../../actions/restart-service.ts';
import type { ActionContext, ActionOutcome } from '../../src/action.ts';
import type { TrackedProcess } from '../../src/core/types.ts';
import { PersonError } from '../../src/errors.ts';
import { lookAt } from '../../src/host/processes.ts';
import { fixture, type Running, startFixture, startProgram } from '../fixtures/start.ts';
import { freePort } from '../helpers/daemon.ts';
import { context, endLater, folder, identityOf } from './act.ts';

/** A program that sits on a port, for all tests: nothing here may end it. */
let foreign: Running;
beforeAll(async () => {
  foreign = await startFixture('foreign.mjs');
  return foreign.stop;
});

/** A service with a folder and a port of its own; a plain program where nothing has to be served or said. */
async function service(argvOn = (_port: number) => ['sleep', '600']) {
  const home = await folder();
  const port = await freePort();
  const argv = argvOn(port);
  const options = {
    service: 'web',
    argv,
    cwd: home,
    env: {},
    logFile: join(home, 'web.log'),
    stopGraceMs: 2_000,
    hungStopGraceMs: 100,
    settleMs: 100,
    port,
  };
  const run = async (over: Parameters<typeof context>[1] = {}, more: Partial<typeof options> = {}) =>
    await restartService.run({ ...options, ...more }, context(home, over)).then(endWhatStarted);
  const byHand = async (ready = false): Promise<Running> => {
    const [program = '', ...args] = argv;
    const running = await startProgram(program, args, { cwd: home, ready });
    onTestFinished(running.stop);
    return running;
  };
  return { home, options, run, byHand };
}

/** A service that is a web app and listens on its port. */
async function webService(flags: readonly string[] = []) {
  const made = await service((port) => [process.execPath, 'web.mjs', '--port', String(port), ...flags]);
  await copyFile(fixture('web.mjs'), join(made.home, 'web.mjs'));
  return made;
}

function endWhatStarted(outcome: ActionOutcome): ActionOutcome {
  if (outcome.process !== undefined) endLater(outcome.process);
  return outcome;
}

async function trackedAs(pid: number, proven: boolean): Promise<TrackedProcess> {
  const { startToken, command, cwd } = await identityOf(pid);
  return { pid, startToken, command, cwd, hadTerminal: false, proven, ownGroup: undefined };
}

test('starts what is gone, and tells which process it is', async () => {
  const { run } = await webService();
  const outcome = await run();
  expect(outcome).toMatchObject({ outcome: 'done', process: { proven: true } });
  expect(outcome.did).toEqual([`started node web.mjs (pid ${outcome.process?.pid})`]);
});

test('a second run leaves what runs again alone when it was to start what was gone', async () => {
  const { run } = await service();
  const first = await run();
  await expect.poll(async () => (await run()).outcome).toBe('nothing');
  expect(first.process && lookAt(first.process)).toBe('alive');
});

test('a hung service that ignores TERM is killed after the short grace, and started', async () => {
  const { run, byHand } = await webService(['--ignore-term']);
  const hung = await byHand(true);
  const before = await trackedAs(hung.pid, true);
  const outcome = await run({ reason: 'silent', tracked: before }, { stopGraceMs: 60_000 });
  expect(outcome.outcome).toBe('done');
  expect(outcome.did[0]).toBe(`stopped node web.mjs (pid ${hung.pid})`);
  expect(lookAt(before)).toBe('gone');
  expect(outcome.process?.pid).not.toBe(hung.pid);
});

test('a process that took the place of the hung one is innocent, unless a person asks', async () => {
  const { run, byHand } = await webService();
  const fresh = await byHand(true);
  const hung = { ...(await trackedAs(fresh.pid, true)), pid: fresh.pid + 1, startToken: 'of the one before' };
  const outcome = await run({ reason: 'silent', tracked: hung });
  expect(outcome).toMatchObject({ outcome: 'nothing', process: { pid: fresh.pid } });
  expect(fresh.child.exitCode).toBeNull();
  expect((await run({ reason: 'silent', tracked: hung, asked: true })).did[0]).toContain(`(pid ${fresh.pid})`);
});

test('what was started by hand is known by its start command, and replaced', async () => {
  const { run, byHand } = await service();
  const { pid } = await byHand();
  const outcome = await run({ reason: 'failing' });
  expect(outcome.did[0]).toBe(`stopped sleep 600 (pid ${pid})`);
  expect(outcome.outcome).toBe('done');
});

test('a foreign program on the port is named and left alone, and nothing is started', async () => {
  const { run } = await service();
  const outcome = await run({ reason: 'refused' }, { port: foreign.port });
  expect(outcome).toMatchObject({ outcome: 'refused', did: [], trouble: { code: 'PORT_HELD' } });
  expect(outcome.trouble?.message).toContain(`foreign.mjs (pid ${foreign.pid})`);
  expect(outcome.trouble?.hint).toContain('match');
  expect(foreign.child.exitCode).toBeNull();
});

test('with a foreign program on the port not even the service itself is ended', async () => {
  const { run, byHand } = await service();
  const own = await byHand();
  const tracked = await trackedAs(own.pid, true);
  const outcome = await run({ reason: 'silent', tracked }, { port: foreign.port });
  expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'PORT_HELD' } });
  expect(lookAt(tracked)).toBe('alive');
});

test('a tracked process that nothing proves is never ended', async () => {
  const { run } = await service();
  const tracked = await trackedAs(foreign.pid, false);
  expect(await run({ reason: 'silent', tracked }, { port: foreign.port })).toMatchObject({
    outcome: 'refused',
    trouble: { code: 'PORT_HELD' },
  });
  expect(await run({ reason: 'silent', tracked })).toMatchObject({
    outcome: 'refused',
    trouble: { code: 'NOT_PROVEN' },
  });
  expect(lookAt(tracked)).toBe('alive');
});

test('a port that something takes between the stop and the start is left to it, and that is said', async () => {
  const { home, options, run, byHand } = await webService();
  const own = await byHand(true);
  const { hands } = context(home);
  const stopProcess: typeof hands.stopProcess = async (...asked) => {
    const outcome = await hands.stopProcess(...asked);
    const other = createServer().listen(options.port, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    return outcome;
  };
  const tracked = await trackedAs(own.pid, true);
  const outcome = await run({ reason: 'failing', tracked, hands: { ...hands, stopProcess } });
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'STARTED_BY_OTHERS' } });
  expect(outcome.trouble?.message).toContain(`(pid ${process.pid})`);
  expect(outcome.process).toBeUndefined();
});

test('a reused number is nobody: the process with it lives on', async () => {
  const { run } = await service();
  const other = await startProgram('sleep', ['600'], { ready: false });
  onTestFinished(other.stop);
  const tracked = { ...(await trackedAs(other.pid, true)), startToken: 'another boot:1' };
  expect(await run({ reason: 'silent', tracked })).toMatchObject({ outcome: 'done' });
  expect(other.child.exitCode).toBeNull();
});

test('a start that ends at once gives its status and its last words', async () => {
  const { run } = await webService(['--exit', '3']);
  const outcome = await run({}, { settleMs: 5_000 });
  expect(outcome).toMatchObject({ outcome: 'failed', exitCode: 3, trouble: { code: 'START_ENDED' } });
  expect(outcome.lastLines).toContain('error: the database is not there');
});

test('a command that does not exist is said so', async () => {
  const { run } = await service();
  const outcome = await run({}, { argv: ['no-such-program-4711'] });
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'START_NOT_FOUND' } });
});

test('a secret that is not there leaves the service as it is', async () => {
  const { home, options, byHand } = await service();
  const own = await byHand();
  const missing = {
    reveal: (): string => {
      throw new PersonError('SECRET_UNAVAILABLE', 'The variable TOKEN is not set.', 'Set it.');
    },
  };
  const tracked = await trackedAs(own.pid, true);
  const attempt: ActionContext = context(home, { reason: 'silent', tracked });
  const outcome = await restartService.run({ ...options, env: { TOKEN: missing } }, attempt);
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'SECRET_UNAVAILABLE' } });
  expect(lookAt(tracked)).toBe('alive');
});

test('called off in time, it has stopped nothing', async () => {
  const { run, byHand } = await service();
  const own = await byHand();
  const tracked = await trackedAs(own.pid, true);
  const outcome = await run({ reason: 'silent', tracked, signal: AbortSignal.abort() });
  expect(outcome).toMatchObject({ outcome: 'failed', did: [] });
  expect(lookAt(tracked)).toBe('alive');
});

test('a dry run says how it would be done, and does none of it', async () => {
  const { run, byHand } = await service();
  const own = await byHand();
  const tracked = await trackedAs(own.pid, true);
  const outcome = await run({ reason: 'silent', tracked, dryRun: true });
  expect(outcome.did).toHaveLength(2);
  expect(outcome.did[0]).toContain(`kill -TERM ${own.pid}`);
  expect(outcome.did[1]).toContain('sleep 600');
  expect(lookAt(tracked)).toBe('alive');
});
