import { expect, onTestFinished, test } from 'vitest';
import { waitHealthy } from '../../actions/wait-healthy.ts';
import type { ActionContext } from '../../src/action.ts';
import type { TrackedProcess } from '../../src/core/types.ts';
import { type Running, startFixture, startProgram } from '../fixtures/start.ts';
import { freePort } from '../helpers/daemon.ts';
import { fakeSystemctl } from '../host/owners/fake-systemctl.ts';
import { context, folder, identityOf } from './act.ts';

type Given = { readonly forMs: number; readonly port?: number; readonly match?: string; readonly unit?: string };

async function run(options: Given, over: Partial<ActionContext> & { dryRun?: boolean } = {}) {
  return await waitHealthy.run({ service: 'web', ...options }, context(await folder(), over));
}

async function trackedAs({ pid }: { readonly pid: number }): Promise<TrackedProcess> {
  const { startToken, command, cwd } = await identityOf(pid);
  return { pid, startToken, command, cwd, hadTerminal: false, proven: true, ownGroup: undefined };
}

async function running(start: Promise<Running>): Promise<Running> {
  const one = await start;
  onTestFinished(one.stop);
  return one;
}

test('does not wait for what runs already, and tells which process it is', async () => {
  const sleep = await running(startProgram('sleep', ['600'], { ready: false }));
  const tracked = await trackedAs(sleep);
  expect(await run({ forMs: 60_000 }, { tracked })).toMatchObject({ outcome: 'done', process: { pid: sleep.pid } });
});

test('waits until the port accepts connections, and no longer', async () => {
  const port = await freePort();
  const web = await running(startFixture('web.mjs', ['--port', String(port), '--slow-start', '700'], { ready: false }));
  const outcome = await run({ forMs: 60_000, port }, { tracked: await trackedAs(web) });
  expect(outcome.outcome).toBe('done');
  expect(outcome.did[0]).toContain(`port ${port} accepts connections`);
  await web.line(/ready/);
});

test('finds the process that takes the place of the one that was known', async () => {
  const gone = { pid: 4_194_000, startToken: 'x:1', command: 'web', cwd: undefined, hadTerminal: false };
  const waiting = run(
    { forMs: 60_000, match: 'sleep 600.0404' },
    { tracked: { ...gone, proven: true, ownGroup: undefined } },
  );
  const sleep = await running(startProgram('sleep', ['600.0404'], { ready: false }));
  expect(await waiting).toMatchObject({ outcome: 'done', process: { pid: sleep.pid } });
});

test('says what was missing when nothing comes up in time', async () => {
  const sleep = await running(startProgram('sleep', ['600'], { ready: false }));
  const port = await freePort();
  expect(await run({ forMs: 150, port }, { tracked: await trackedAs(sleep) })).toMatchObject({
    outcome: 'failed',
    trouble: { code: 'STILL_DOWN', message: expect.stringContaining(`nothing listens on port ${port} yet`) },
  });
});

test('a foreign program on the port is nothing to have waited for', async () => {
  const foreign = await running(startFixture('foreign.mjs'));
  const outcome = await run({ forMs: 50, port: foreign.port, match: 'sleep 600.0405' });
  expect(outcome).toMatchObject({ outcome: 'failed', trouble: { code: 'STILL_DOWN' } });
  expect(outcome.trouble?.message).toContain(`foreign.mjs (pid ${foreign.pid})`);
});

test('asks the owner, and says what that one says', async () => {
  const says = { ActiveState: 'failed', Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '3', Restart: 'no' };
  const { calls, say } = fakeSystemctl(await folder(), says);
  expect((await run({ forMs: 50, unit: 'web.service' })).trouble?.message).toContain('failed with status 3');
  const sleep = await running(startProgram('sleep', ['600'], { ready: false }));
  say({ ActiveState: 'active', SubState: 'running', MainPID: String(sleep.pid) });
  expect(await run({ forMs: 60_000, unit: 'web.service' })).toMatchObject({
    outcome: 'done',
    process: { pid: sleep.pid, owner: { unit: 'web.service' } },
  });
  expect(calls()).toEqual([]);
});

test('called off, it ends at once', async () => {
  const calling = new AbortController();
  const waiting = run({ forMs: 3_000_000, match: 'sleep 600.0406' }, { signal: calling.signal });
  calling.abort();
  expect(await waiting).toMatchObject({ outcome: 'failed', trouble: { code: 'TRY_LATER' } });
});

test('a dry run says what would be waited for, and how long', async () => {
  expect((await run({ forMs: 90_000, port: 8_080 }, { dryRun: true })).did).toEqual([
    'wait until web runs and its port 8080 accepts connections, for 1 min 30 s at most',
  ]);
});
