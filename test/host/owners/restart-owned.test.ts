import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { restartService } from '../../../actions/restart-service.ts';
import type { Owner } from '../../../src/core/owner.ts';
import { askOwner } from '../../../src/host/owners/ask-owner.ts';
import { surveyOwner } from '../../../src/host/owners/survey-owner.ts';
import { context, folder } from '../../actions/act.ts';
import { startFixture, startProgram } from '../../fixtures/start.ts';
import { type FakeAnswers, fakeCli } from './fake-cli.ts';

type Context = Parameters<typeof context>[1];
const inspect = (State: object, Name = 'no') =>
  JSON.stringify([{ Id: 'c0ffee', Name: '/hub', State, HostConfig: { RestartPolicy: { Name } }, Config: {} }]);
const running = inspect({ Status: 'running', Pid: 0 });
const exited = (ExitCode: number, policy = 'no') => inspect({ Status: 'exited', ExitCode }, policy);

async function docker(answers: FakeAnswers, engine: 'docker' | 'podman' = 'docker') {
  const root = await folder();
  const cli = fakeCli(root, engine, answers);
  const options = { service: 'hub', unit: `${engine}:hub`, env: {}, logFile: join(root, 'log'), stopGraceMs: 100 };
  const all = { ...options, hungStopGraceMs: 100, settleMs: 100 };
  const run = async (over: Context = {}, port?: number) =>
    await restartService.run({ ...all, port }, context(root, over));
  return { ...cli, run };
}

describe('a container', () => {
  test('that failed is started by its engine, and by nothing else', async () => {
    const { run, calls } = await docker({ says: exited(1), afterwards: running });
    expect(await run()).toMatchObject({ outcome: 'done', did: ['asked docker to start hub'] });
    expect(calls()).toEqual(['docker start hub']);
  });

  test('whose port is held by its engine is restarted all the same', async () => {
    const { run, calls } = await docker({ says: running });
    const engine = await startFixture('foreign.mjs');
    onTestFinished(engine.stop);
    expect(await run({ reason: 'silent' }, engine.port)).toMatchObject({ outcome: 'done' });
    expect(calls()).toEqual(['docker restart -t 3 hub']);
    expect(engine.child.exitCode).toBeNull();
  });

  test('that hangs is restarted with a short grace', async () => {
    const { run, calls } = await docker({ says: running });
    expect(await run({ reason: 'silent' })).toMatchObject({ outcome: 'done' });
    expect(calls()).toEqual(['docker restart -t 3 hub']);
  });

  test('that a person has stopped is left so, until a person asks', async () => {
    const { run, calls } = await docker({ says: exited(137, 'always'), afterwards: running });
    const outcome = await run();
    expect(outcome).toMatchObject({ outcome: 'refused', did: [], trouble: { code: 'OWNER_STOPPED' } });
    expect(outcome.trouble?.hint).toContain('docker start hub');
    expect(calls()).toEqual([]);
    expect((await run({ asked: true })).outcome).toBe('done');
    expect(calls()).toEqual(['docker start hub']);
  });

  test('that does not come up is not believed because its tool ended well', async () => {
    const { run } = await docker({ says: exited(1), afterwards: exited(78) });
    expect(await run()).toMatchObject({
      outcome: 'failed',
      exitCode: 78,
      trouble: { code: 'OWNER_FAILED', message: 'container hub ended with status 78.' },
    });
  });

  test('that runs again is left alone when it was to be started', async () => {
    const { run, calls } = await docker({ says: running });
    expect(await run({ reason: 'gone' })).toMatchObject({ outcome: 'nothing', did: ['container hub is running'] });
    expect(calls()).toEqual([]);
  });

  test('that its engine is about to restart or to remove is not touched', async () => {
    const { run, say, calls } = await docker({ says: inspect({ Status: 'restarting', ExitCode: 1 }, 'always') });
    expect((await run()).outcome).toBe('nothing');
    say({ says: inspect({ Status: 'removing' }) });
    expect(await run()).toMatchObject({ outcome: 'failed', trouble: { code: 'TRY_LATER' } });
    expect(calls()).toEqual([]);
  });

  test('that a person stops while it is restarted is left stopped', async () => {
    const { run, calls } = await docker({ says: running, afterwards: exited(0) });
    expect(await run({ reason: 'failing' })).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_STOPPED' } });
    expect(calls()).toEqual(['docker restart hub']);
  });

  test('that its config names comes before the one that its last process had', async () => {
    const { run, calls } = await docker({ says: exited(1), afterwards: running });
    await run({ owner: { kind: 'container', engine: 'docker', name: 'other' } });
    expect(calls()).toEqual(['docker start hub']);
  });

  test('of Podman is asked and ordered by its own tool', async () => {
    const { run, say, calls } = await docker({ says: exited(1), afterwards: running }, 'podman');
    expect(await run()).toMatchObject({ outcome: 'done', did: ['asked podman to start hub'] });
    say({ says: exited(137), afterwards: running });
    expect((await run()).trouble).toMatchObject({
      code: 'OWNER_STOPPED',
      message: 'container hub was killed, probably because a person stopped it. It is left so.',
      hint: 'Start it: podman start hub',
    });
    say({ says: inspect({ Status: 'configured' }) });
    expect((await run()).trouble?.code).toBe('OWNER_STOPPED');
    say({ says: inspect({ Status: 'stopping' }) });
    expect((await run()).trouble?.code).toBe('TRY_LATER');
    say({ says: running, afterwards: running });
    expect((await run({ reason: 'silent' })).outcome).toBe('done');
    expect(calls()).toEqual(['podman start hub', 'podman restart -t 3 hub']);
  });

  test('that does not exist is said so', async () => {
    const { run, calls } = await docker({ says: undefined });
    expect(await run({ asked: true })).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_MISSING' } });
    expect(calls()).toEqual([]);
  });

  test('of an engine that may not be asked is nobody’s to touch', async () => {
    const { run, calls } = await docker({ says: running, forbidden: true });
    const outcome = await run();
    expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'OWNER_SILENT' } });
    expect(outcome.trouble?.hint).toContain('permission denied');
    expect(calls()).toEqual([]);
  });

  test('in a dry run is only said what would be done', async () => {
    const { run, calls } = await docker({ says: exited(1) });
    expect(await run({ dryRun: true })).toMatchObject({ outcome: 'done', did: ['docker start hub'] });
    expect(calls()).toEqual([]);
  });

  test('is a reason to wait while its engine restarts it, and while a person has stopped it', async () => {
    const { say } = await docker({ says: inspect({ Status: 'restarting', ExitCode: 1 }, 'always') });
    const asked = { service: 'hub', unit: 'docker:hub', port: undefined, tracked: undefined, owner: undefined };
    expect((await surveyOwner(asked)).holds).toMatchObject([{ kind: 'owner' }]);
    say({ says: exited(0) });
    expect((await surveyOwner(asked)).holds).toMatchObject([{ kind: 'stopped-by-person' }]);
    say({ says: exited(78) });
    const ended = { exitCode: 78, signal: undefined, lastLines: ['error: no disk at /srv'] };
    expect(await surveyOwner(asked)).toEqual({ holds: [], ended });
    say({ says: running });
    expect(await surveyOwner(asked)).toEqual({ holds: [] });
  });
});

test('an owner that says it runs, of a process that is gone, has a moment to notice', async () => {
  await docker({ says: running });
  const gone = { pid: 4_194_000, startToken: 'x:1', command: 'hub', cwd: undefined, hadTerminal: false };
  const tracked = { ...gone, proven: true, ownGroup: undefined };
  const asked = { service: 'hub', unit: 'docker:hub', port: undefined, owner: undefined };
  expect((await surveyOwner({ ...asked, tracked })).holds).toMatchObject([{ kind: 'owner', forMs: 5_500 }]);
  expect((await surveyOwner({ ...asked, tracked: undefined })).holds).toEqual([]);
});

test('an owner whose tool is not installed is a trouble, not a throw', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = await folder();
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  const owners: readonly Owner[] = [
    { kind: 'systemd', scope: 'system', unit: 'hub.service' },
    { kind: 'launchd', domain: 'gui/501', label: 'ai.example.hub' },
    { kind: 'container', engine: 'podman', name: 'hub' },
  ];
  for (const owner of owners) expect(await askOwner(owner)).toMatchObject({ trouble: { code: 'OWNER_SILENT' } });
});

/** A job in the second of the domains that are asked. */
async function launchd(lines: readonly string[], afterwards: readonly string[] = []) {
  const root = await folder();
  const print = (text: readonly string[]) => `job = {\n\t${text.join('\n\t')}\n}\n`;
  const domain = `user/${process.getuid?.() ?? 0}`;
  const cli = fakeCli(root, 'launchctl', { says: print(lines), afterwards: print(afterwards) }, domain);
  const options = { service: 'hub', unit: 'launchd:ai.example.hub', env: {}, logFile: '/dev/null', stopGraceMs: 100 };
  const run = (over: Context) =>
    restartService.run({ ...options, hungStopGraceMs: 100, settleMs: 100 }, context(root, over));
  return { domain, run, calls: cli.calls };
}

test('a launchd job that has failed is kicked in the domain where it is', async () => {
  const job = ['state = not running', 'last exit code = 1'];
  const { domain, run, calls } = await launchd(job, ['state = running', `pid = ${process.pid}`]);
  const outcome = await run({ reason: 'gone' });
  expect(outcome).toMatchObject({ outcome: 'done', did: ['asked launchd to start ai.example.hub'] });
  expect(calls()).toEqual([`launchctl kickstart ${domain}/ai.example.hub`]);
});

test('a launchd job that hangs is killed and kicked', async () => {
  const { domain, run, calls } = await launchd(['state = running', 'pid = 1'], ['state = running', 'pid = 2']);
  expect(await run({ reason: 'silent' })).toMatchObject({ outcome: 'done' });
  expect(calls()).toEqual([`launchctl kickstart -k ${domain}/ai.example.hub`]);
});

test('what was started anew by its owner in the meantime is innocent of the hang before', async () => {
  const { run, calls } = await launchd(['state = running', 'pid = 1'], ['state = running', 'pid = 2']);
  const gone = { pid: 4_194_000, startToken: 'x:1', command: 'hub', cwd: undefined, hadTerminal: false };
  const tracked = { ...gone, proven: true, ownGroup: undefined };
  expect(await run({ reason: 'silent', tracked })).toMatchObject({ outcome: 'nothing' });
  expect(calls()).toEqual([]);
});

test('what this program itself runs in is not restarted by it', async () => {
  const { run, calls } = await launchd(['state = running', `pid = ${process.pid}`]);
  expect(await run({ reason: 'silent', asked: true })).toMatchObject({
    outcome: 'refused',
    trouble: { code: 'OWNER_IS_OURS' },
  });
  expect(calls()).toEqual([]);
});

describe('a pm2 process', () => {
  async function pm2(isThere: boolean) {
    const root = await folder();
    const before = process.env['PM2_HOME'];
    process.env['PM2_HOME'] = root;
    onTestFinished(() => {
      if (before === undefined) delete process.env['PM2_HOME'];
      else process.env['PM2_HOME'] = before;
    });
    if (isThere) {
      const daemon = await startProgram(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'pm2'], {
        ready: false,
      });
      onTestFinished(daemon.stop);
      writeFileSync(join(root, 'pm2.pid'), String(daemon.pid));
    }
    const listed = (status: string) =>
      JSON.stringify([{ name: 'hub', pm_id: 3, pid: 0, pm2_env: { status, exit_code: 1 } }]);
    const cli = fakeCli(root, 'pm2', { says: listed('errored'), afterwards: listed('online') });
    const options = { service: 'hub', unit: 'pm2:hub', env: {}, logFile: '/dev/null', stopGraceMs: 100 };
    const run = () => restartService.run({ ...options, hungStopGraceMs: 100, settleMs: 100 }, context(root));
    return { ...cli, run };
  }

  test('that pm2 gave up is restarted by pm2', async () => {
    const { run, calls } = await pm2(true);
    expect(await run()).toMatchObject({ outcome: 'done', did: ['asked pm2 to start hub'] });
    expect(calls()).toEqual(['pm2 restart hub --silent']);
  });

  test('of a pm2 that does not run is not touched: every command would start an empty one', async () => {
    const { run, calls } = await pm2(false);
    expect(await run()).toMatchObject({ outcome: 'refused', trouble: { code: 'OWNER_MISSING' } });
    expect(calls()).toEqual([]);
  });
});
