import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { restartService } from '../../../actions/restart-service.ts';
import { findOwnedService } from '../../../src/host/owners/find-owned.ts';
import type { Owned } from '../../../src/host/owners/owned.ts';
import { lookAt } from '../../../src/host/processes.ts';
import { context, folder, identityOf } from '../../actions/act.ts';
import { fixture, startFixture, startProgram, until } from '../../fixtures/start.ts';
import { fakeSystemctl } from './fake-systemctl.ts';

const active = { ActiveState: 'active', SubState: 'running' };

async function hub(now: Parameters<typeof fakeSystemctl>[1], more: Parameters<typeof fakeSystemctl>[2] = {}) {
  const root = await folder();
  const { calls, say } = fakeSystemctl(root, now, more);
  const options = { service: 'hub', unit: 'hub.service', env: {}, logFile: '/dev/null', stopGraceMs: 200 };
  const match = `${basename(root)}.mjs`;
  const script = join(root, match);
  copyFileSync(fixture('web.mjs'), script);
  /** A web app that nobody else has, with a name that proves it. */
  const web = async () => {
    const started = await startProgram(process.execPath, [script]);
    onTestFinished(started.stop);
    return started;
  };
  const run = (over: Parameters<typeof context>[1], port?: number) =>
    restartService.run({ ...options, port, match, hungStopGraceMs: 200, settleMs: 100 }, context(root, over));
  return {
    run,
    web,
    say,
    script,
    calls: () => calls().map((line) => line.replace('systemctl --user --no-ask-password ', '')),
  };
}

describe('a unit without a main process', () => {
  test('that hangs is restarted: there is nothing that systemd could kill', async () => {
    const { run, calls } = await hub(active);
    const { outcome, did } = await run({ reason: 'silent' }, 1);
    expect({ outcome, did }).toEqual({ outcome: 'done', did: ['asked systemd to restart hub.service'] });
    expect(calls()).toEqual(['restart hub.service']);
  });

  test('is started once more where what was left of it had to be ended', async () => {
    const { run, web, calls } = await hub(active, { afterwards: { ActiveState: 'inactive' } });
    const left = await web();
    const { did } = await run({ reason: 'silent' }, left.port);
    expect(did[1]).toContain(`(pid ${left.pid})`);
    expect(calls()).toEqual(['restart hub.service', 'start hub.service']);
  });

  const owned = (over: Partial<Owned>): Owned => ({
    owner: { kind: 'systemd', scope: 'user', unit: 'hub.service' },
    sight: {
      ...{ state: 'running', mainPid: undefined, restartsItself: false, actsWithinMs: undefined },
      ...{ stoppedByPerson: false, startLimitHit: false, exitCode: undefined, signal: undefined },
      ...{ startTimeoutMs: undefined, stopTimeoutMs: undefined, says: 'hub.service is active and has no process' },
    },
    isNamed: true,
    owns: () => false,
    ...over,
  });
  const runsUnseen = async (over: Partial<Owned>, port?: number) =>
    (await findOwnedService({ service: 'hub', port }, owned(over), undefined)).runsUnseen;

  test('is not believed to run when it has no process and nobody listens on its port', async () => {
    const own = process.pid;
    expect(await runsUnseen({}, 1)).toBe(false);
    expect(await runsUnseen({})).toBe(true);
    expect(await runsUnseen({ owns: (pid) => pid === own }, 1)).toBe(true);
    expect(await runsUnseen({ owner: { kind: 'container', engine: 'docker', name: 'hub' } }, 1)).toBe(true);
    const engine = await startFixture('foreign.mjs');
    onTestFinished(engine.stop);
    expect(await runsUnseen({}, engine.port)).toBe(true);
  });
});

/** A main process whose child holds the port, as with a cluster. */
async function withWorker(script: string) {
  const spawns = `require('node:child_process').spawn(process.execPath, ['${script}'], { stdio: 'inherit' })
    .on('spawn', function () { console.log('worker', this.pid); });
    process.stdin.on('end', () => process.exit()).resume();`;
  const main = await startProgram(process.execPath, ['-e', spawns], { ready: false });
  const worker = await identityOf(Number((await main.line(/worker (\d+)/))[1]));
  onTestFinished(async () => {
    if (lookAt(worker) !== 'gone') process.kill(worker.pid, 'SIGKILL');
    await main.stop();
  });
  return { main: main.pid, worker, port: Number((await main.line(/ready (\d+)/))[1]) };
}

describe('a unit whose main process has a worker on the port', () => {
  test('has no orphan: it is left alone when it runs', async () => {
    const { run, say, script, calls } = await hub(active);
    const { main, worker, port } = await withWorker(script);
    say({ ...active, MainPID: String(main) });
    expect((await run({ reason: 'gone' }, port)).outcome).toBe('nothing');
    expect(calls()).toEqual([]);
    expect(lookAt(worker)).not.toBe('gone');
  });

  test('is its main process, and a holder that this has not started is followed instead', async () => {
    const { main, worker, port } = await withWorker(fixture('web.mjs'));
    const sight = { state: 'running', mainPid: main } as Owned['sight'];
    const owned = { owner: { kind: 'systemd', scope: 'user', unit: 'hub.service' }, sight, isNamed: true } as const;
    const query = { service: 'hub', unit: 'hub.service', port };
    const found = async (mainPid: number) => {
      const at = { ...owned, sight: { ...sight, mainPid }, owns: () => true };
      return (await findOwnedService(query, at, undefined)).head?.facts.pid;
    };
    expect(await found(main)).toBe(main);
    const stranger = await startFixture('foreign.mjs');
    onTestFinished(stranger.stop);
    expect(await found(stranger.pid)).toBe(worker.pid);
  });
});

test('an owner that says yes, and whose process is still the same, has not done what it was asked', async () => {
  const { run, calls } = await hub({ ...active, MainPID: String(process.ppid) });
  const called = new AbortController();
  const asked = run({ reason: 'failing', signal: called.signal });
  await until(() => calls().length > 0);
  // What it said is not waited for to the end.
  called.abort();
  expect(await asked).toMatchObject({
    outcome: 'failed',
    trouble: { code: 'OWNER_FAILED', message: expect.stringContaining('the same process still runs') },
  });
});

test('an owner that was only found, and has come to keep others beside the service, is not to end them', async () => {
  const root = await folder();
  const script = join(root, `${basename(root)}.mjs`);
  copyFileSync(fixture('web.mjs'), script);
  const run = `"${process.execPath}" "${script}"`;
  const shell = await startProgram('sh', ['-c', `${run} & echo first $!; ${run} & echo second $!; wait`]);
  const [first, second] = [await shell.line(/first (\d+)/), await shell.line(/second (\d+)/)].map((seen) => seen[1]);
  const both = await Promise.all([identityOf(Number(first)), identityOf(Number(second))]);
  onTestFinished(async () => {
    for (const one of both) if (lookAt(one) !== 'gone') process.kill(one.pid, 'SIGKILL');
    await shell.stop();
  });
  const { calls } = fakeSystemctl(root, { ...active, MainPID: String(shell.pid) });
  const tracked = { ...both[0], cwd: undefined, hadTerminal: false, proven: true, ownGroup: undefined };
  const owner = { kind: 'systemd', scope: 'user', unit: 'hub.service' } as const;
  const options = {
    service: 'hub',
    env: {},
    logFile: '/dev/null',
    stopGraceMs: 200,
    hungStopGraceMs: 200,
    settleMs: 9,
  };
  const outcome = await restartService.run(options, context(root, { reason: 'silent', tracked, owner }));
  expect(outcome).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_MISSING' } });
  expect(calls()).toEqual([]);
  expect(both.map((one) => lookAt(one) === 'gone')).toEqual([false, false]);
});
