import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { checkNamed } from '../../checks/index.ts';
import type { TrackedProcess } from '../../src/core/types.ts';
import { lookOnce } from '../../src/look.ts';
import { fixture, type Running, startFixture, startProgram, until } from '../fixtures/start.ts';
import { freePort } from '../helpers/daemon.ts';
import { check as planOf } from '../helpers/plans.ts';
import { context, folder } from './look.ts';

const check = checkNamed('process');
if (check === undefined) throw new Error('no process check');
const { look } = check;

/** Two that run for all tests that do not end them. */
let shared: Running;
let sharedOwn: Running & { readonly home: string };
beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'jarvis-health-test-'));
  await copyFile(fixture('web.mjs'), join(home, 'shared-web.mjs'));
  shared = await startFixture('web.mjs');
  sharedOwn = { ...(await startProgram(process.execPath, ['shared-web.mjs'], { cwd: home })), home };
  return async () => {
    await Promise.all([shared.stop(), sharedOwn.stop()]);
    await rm(home, { recursive: true });
  };
});

async function web(args: readonly string[] = [], options?: Parameters<typeof startFixture>[2]): Promise<Running> {
  const running = await startFixture('web.mjs', args, options);
  onTestFinished(running.stop);
  return running;
}

/** The service with a folder and a command line that no other test has. */
async function ownWeb(args: readonly string[] = []): Promise<Running & { readonly home: string }> {
  const home = await folder();
  await copyFile(fixture('web.mjs'), join(home, 'own-web.mjs'));
  const running = await startProgram(process.execPath, ['own-web.mjs', ...args], { cwd: home });
  onTestFinished(running.stop);
  return { ...running, home };
}

function tracked(seen: { process?: TrackedProcess | undefined }): TrackedProcess {
  if (seen.process === undefined) throw new Error('no process was found');
  return seen.process;
}

test('who listens on the port is taken for the service, and not for proven', async () => {
  const { pid, port } = shared;
  const seen = await look({ service: 'web', port }, context());
  expect(seen).toMatchObject({ status: 'ok', process: { pid, proven: false } });
  expect(seen.message).toContain('never be ended');
});

test('a match proves it', async () => {
  const { pid, home, port } = sharedOwn;
  const seen = await look({ service: 'web', port, match: 'shared-web.mjs' }, context());
  expect(seen).toMatchObject({ status: 'ok', process: { pid, proven: true, cwd: home } });
});

test('so does the start command in its folder, and no port is needed', async () => {
  const { pid, home } = sharedOwn;
  const options = { service: 'web', argv: [process.execPath, 'shared-web.mjs'], cwd: home };
  expect(await look(options, context())).toMatchObject({ status: 'ok', process: { pid, proven: true } });
});

test('the folder of the config may be a link to where it runs', async () => {
  const { pid, home } = sharedOwn;
  await symlink(home, join(home, 'linked'));
  const options = { service: 'web', argv: [process.execPath, 'shared-web.mjs'], cwd: join(home, 'linked/') };
  expect(await look(options, context())).toMatchObject({ status: 'ok', process: { pid, proven: true } });
});

test('memory and processor time are read along now and then, not with every look', async () => {
  const { port } = shared;
  const options = { service: 'web', port };
  const process = tracked(await look(options, context()));
  const at = (steadyMs: number) => look(options, context({ tracked: process, steadyMs }));
  expect((await at(1_000)).metrics?.['rssBytes']).toBeGreaterThan(1_000_000);
  expect((await at(1_250)).metrics).toBeUndefined();
  expect((await at(11_000)).metrics?.['cpuMs']).toBeGreaterThan(0);
});

test('a wall clock that is set, forward or back, neither hurries nor stops what is done now and then', async () => {
  const options = { service: 'web', port: shared.port };
  const plan = planOf('web:process', 'web', 'process', { options });
  const process = tracked(await look(options, context()));
  const at = async (wall: number, steady: number) =>
    (await lookOnce(plan, check, { look: 1, tracked: process, now: { at: wall, steady } })).metrics;
  expect(await at(1_000_000_000, 1_000)).toHaveProperty('cpuMs');
  expect(await at(2_000_000_000, 10_999)).toEqual({});
  expect(await at(500_000_000, 11_000)).toHaveProperty('cpuMs');
});

test('a process that is gone is gone for sure, with nobody in its place', async () => {
  const running = await web();
  const options = { service: 'web', port: running.port };
  const process = tracked(await look(options, context()));
  await running.stop();
  const seen = await look(options, context({ tracked: process }));
  expect(seen).toMatchObject({ status: 'critical', evidence: 'definite', reason: 'gone' });
  expect(seen.message).toContain(`(pid ${process.pid}) is gone`);
});

test('a number that was given to another process does not fool it', async () => {
  const { port } = shared;
  const options = { service: 'web', match: '/no such program at all [0-9]{40}/' };
  const process = { ...tracked(await look({ service: 'web', port }, context())), startToken: 'another:1' };
  expect(await look(options, context({ tracked: process }))).toMatchObject({ evidence: 'definite', reason: 'gone' });
});

test('its successor on the port is followed when it is of the same kind', async () => {
  const first = await ownWeb();
  const options = { service: 'web', port: first.port };
  const process = tracked(await look(options, context()));
  await first.stop();
  const second = await startProgram(globalThis.process.execPath, ['own-web.mjs', '--port', String(first.port)], {
    cwd: first.home,
  });
  onTestFinished(second.stop);
  expect(await look(options, context({ tracked: process }))).toMatchObject({
    status: 'ok',
    process: { pid: second.pid, proven: false },
  });
});

test('another program on its port is foreign, and named with its number', async () => {
  const first = await ownWeb();
  const options = { service: 'web', port: first.port, match: 'own-web.mjs' };
  const process = tracked(await look(options, context()));
  await first.stop();
  const foreign = await startFixture('foreign.mjs', ['--port', String(first.port)]);
  onTestFinished(foreign.stop);
  const seen = await look(options, context({ tracked: process }));
  expect(seen).toMatchObject({ status: 'critical', evidence: 'definite', reason: 'foreign' });
  expect(seen.message).toContain(`foreign.mjs (pid ${foreign.pid})`);
  const never = await look({ ...options }, context());
  expect(never.reason).toBe('foreign');
  expect(never.evidence ?? 'suspect').toBe('suspect');
});

test('looks that come fast do not search the host each time', async () => {
  const first = await ownWeb();
  const options = { service: 'web', match: 'own-web.mjs', cwd: first.home, port: first.port };
  const process = tracked(await look(options, context()));
  await first.stop();
  const at = async (steadyMs: number) => (await look(options, context({ tracked: process, steadyMs }))).reason;
  expect([await at(1_000), await at(1_001)]).toEqual(['gone', 'gone']);
  const second = await startProgram(globalThis.process.execPath, ['own-web.mjs', '--port', String(first.port)], {
    cwd: first.home,
  });
  onTestFinished(second.stop);
  expect(await at(2_900)).toBe('gone');
  expect(await at(3_100)).toBe('fine');
});

test('a service that was never seen and of which nothing is known is nothing to look at', async () => {
  expect(await look({ service: 'web', port: await freePort() }, context())).toMatchObject({ status: 'idle' });
  expect(await look({ service: 'web' }, context())).toMatchObject({ status: 'idle' });
});

test('a match that nothing matches is absent, and only suspect', async () => {
  const seen = await look({ service: 'web', match: 'no-such-program-anywhere-4711' }, context());
  expect(seen).toMatchObject({ status: 'critical', reason: 'absent' });
  expect(seen.evidence ?? 'suspect').toBe('suspect');
});

test('a program that made itself a daemon is found by the mark it inherited', async () => {
  const home = await folder();
  const pidFile = join(home, 'pid');
  const service = 'web';
  const start = await startFixture('web.mjs', ['--daemonise', '--pid-file', pidFile], {
    ready: false,
    cwd: home,
    env: { ...process.env, JARVIS_HEALTH_SERVICE: service, JARVIS_HEALTH_HOME: home },
  });
  const pid = await until(async () => Number(await readFile(pidFile, 'utf8').catch(() => '')) || undefined);
  onTestFinished(async () => {
    process.kill(pid, 'SIGKILL');
    await start.stop(); // it shares its output with the daemon it made
  });
  const options = { service, argv: [process.execPath, fixture('web.mjs'), '--daemonise'], cwd: home };
  const { steadyMs: startedAtMs } = context();
  const absent = { status: 'critical', reason: 'absent' };
  expect(await look({ ...options }, context({ home: '/of/another/daemon', startedAtMs }))).toMatchObject(absent);
  expect(await look({ ...options }, context({ home }))).toMatchObject(absent);
  expect(await look({ ...options }, context({ home, startedAtMs }))).toMatchObject({
    status: 'ok',
    process: { pid, proven: false },
  });
});

test('a start command that ended by and by, while it was starting, has left its work to what it started', async () => {
  const starter = await ownWeb();
  const { home } = starter;
  const options = { service: 'web', argv: [process.execPath, 'own-web.mjs'], cwd: home };
  const before = tracked(await look(options, context({ home })));
  expect(before.proven).toBe(true);
  const env = { ...process.env, JARVIS_HEALTH_SERVICE: 'web', JARVIS_HEALTH_HOME: home };
  const left = spawn('sleep', ['60'], { cwd: home, env, detached: true, stdio: 'ignore' });
  onTestFinished(() => void left.kill('SIGKILL'));
  await starter.stop();
  const starting = context({ home, tracked: before, startedAtMs: context().steadyMs });
  expect(await look({ ...options }, starting)).toMatchObject({
    status: 'ok',
    process: { pid: left.pid, proven: false },
  });
});

test('a job that the service has started is not taken for it when it is gone', async () => {
  const { home, pid, stop } = await ownWeb();
  const options = { service: 'web', match: 'own-web.mjs', argv: [process.execPath, 'own-web.mjs'], cwd: home };
  const before = tracked(await look(options, context({ home })));
  const env = { ...process.env, JARVIS_HEALTH_SERVICE: 'web', JARVIS_HEALTH_HOME: home };
  const job = spawn('sleep', ['60'], { cwd: home, env, detached: true, stdio: 'ignore' });
  onTestFinished(() => void job.kill('SIGKILL'));
  await stop();
  expect(before.pid).toBe(pid);
  expect(await look(options, context({ home, tracked: before }))).toMatchObject({
    reason: 'gone',
    evidence: 'definite',
  });
});

test('who was told to mend it is not taken for it', async () => {
  const home = await folder();
  const agent = await startProgram(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'please fix own-agent.mjs'], {
    ready: false,
  });
  onTestFinished(agent.stop);
  const seen = await look({ service: 'web', match: 'own-agent.mjs', cwd: home }, context());
  expect(seen.reason).toBe('absent');
});

test('what has the text among its arguments is watched until it is proven, and follows nobody who was proven', async () => {
  const { home, pid } = await ownWeb(['--host', '127.0.0.1']);
  const options = { service: 'web', match: '--host 127.0.0.1', cwd: home };
  const seen = await look(options, context());
  expect(seen).toMatchObject({ status: 'ok', process: { pid, proven: false } });
  expect(seen.message).toContain('never be ended');
  const before = { ...tracked(seen), pid: 1, startToken: 'another:1', proven: true };
  expect((await look({ ...options }, context({ tracked: before }))).reason).toBe('gone');
});

test('of two strangers that both match none is proven', async () => {
  const first = await ownWeb();
  await copyFile(fixture('web.mjs'), join(first.home, 'twin-web.mjs'));
  for (const _ of [1, 2]) {
    const twin = await startProgram(process.execPath, ['twin-web.mjs'], { cwd: first.home });
    onTestFinished(twin.stop);
  }
  const seen = await look({ service: 'web', match: 'twin-web.mjs', cwd: first.home }, context());
  expect(seen).toMatchObject({ status: 'ok', process: { proven: false } });
});

test('a process that a signal stopped still is the service, and it says that it is stopped', async () => {
  const { pid, port } = shared;
  const options = { service: 'web', port };
  const found = tracked(await look(options, context()));
  process.kill(pid, 'SIGSTOP');
  const seen = await until(async () => {
    const now = await look(options, context({ tracked: found }));
    return now.message.includes('stopped') && now;
  });
  process.kill(pid, 'SIGCONT');
  expect(seen).toMatchObject({ status: 'ok', process: { pid } });
});
