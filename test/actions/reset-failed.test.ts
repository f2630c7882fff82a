import { describe, expect, onTestFinished, test } from 'vitest';
import { resetFailed } from '../../actions/reset-failed.ts';
import type { ActionContext } from '../../src/action.ts';
import { startProgram } from '../fixtures/start.ts';
import { servicePlan, UNHURRIED, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { fakeCli } from '../host/owners/fake-cli.ts';
import { fakeSystemctl } from '../host/owners/fake-systemctl.ts';
import { context, folder } from './act.ts';

const GIVEN_UP = { ActiveState: 'failed', Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '1', NRestarts: '5' };
const DID = 'asked systemd to forget that it gave web.service up, and to start it';
const ORDERS = ['reset-failed', 'start'].map((word) => `systemctl --user --no-ask-password ${word} web.service`);

async function run(over: Partial<ActionContext> & { dryRun?: boolean } = {}, unit = 'web.service') {
  return await resetFailed.run({ service: 'web', unit }, context(await folder(), over));
}

test('a unit that systemd has given up is reset and started by systemd, and its process is told', async () => {
  const sleep = await startProgram('sleep', ['600'], { ready: false });
  onTestFinished(sleep.stop);
  const afterwards = { ActiveState: 'active', SubState: 'running', MainPID: String(sleep.pid) };
  const { calls } = fakeSystemctl(await folder(), GIVEN_UP, { afterwards });
  expect(await run()).toMatchObject({ outcome: 'done', did: [DID], process: { pid: sleep.pid } });
  expect(calls()).toEqual(ORDERS);
});

test('one that fails again is not believed to run because systemctl ended well', async () => {
  const { calls } = fakeSystemctl(await folder(), GIVEN_UP);
  expect(await run()).toMatchObject({ outcome: 'failed', exitCode: 1, trouble: { code: 'OWNER_FAILED' } });
  expect(calls()).toEqual(ORDERS);
});

test('a dry run shows the orders', async () => {
  const { calls } = fakeSystemctl(await folder(), GIVEN_UP);
  expect((await run({ dryRun: true })).did).toEqual(ORDERS);
  expect(calls()).toEqual([]);
});

describe('left alone is', () => {
  test.each([
    ['one that runs', { ActiveState: 'active', SubState: 'running', MainPID: '1' }, 'nothing', undefined],
    [
      'one that systemd is about to restart',
      { ActiveState: 'activating', SubState: 'auto-restart' },
      'nothing',
      undefined,
    ],
    ['one that failed once and is not restarted by itself', { ...GIVEN_UP, Restart: 'no' }, 'nothing', undefined],
    ['one that a person stopped', { ActiveState: 'inactive', Restart: 'always' }, 'refused', 'OWNER_STOPPED'],
    ['one that a person masked', { ActiveState: 'inactive', LoadState: 'masked' }, 'refused', 'OWNER_STOPPED'],
    ['one that is not installed', { ActiveState: 'inactive', LoadState: 'not-found' }, 'refused', 'OWNER_MISSING'],
  ])('%s, also when a person asks', async (_, says: Record<string, string>, outcome, code) => {
    const { calls } = fakeSystemctl(await folder(), says);
    for (const asked of [false, true]) {
      const got = await run({ asked });
      expect(got).toMatchObject({ outcome, ...(code && { trouble: { code } }) });
    }
    expect(calls()).toEqual([]);
  });

  test('what another owner has, or nobody', async () => {
    const failed = JSON.stringify([{ Name: '/web', State: { Status: 'exited', ExitCode: 1 }, HostConfig: {} }]);
    const { calls } = fakeCli(await folder(), 'docker', { says: failed });
    expect(await run({}, 'docker:web')).toMatchObject({ outcome: 'nothing' });
    expect(await resetFailed.run({ service: 'web' }, context(await folder()))).toMatchObject({ outcome: 'nothing' });
    expect(calls()).toEqual([]);
  });
});

test('a unit that is given up again after every reset is reset no more often than the limits allow', async () => {
  const plan = servicePlan({ web: UNHURRIED });
  const world = new VirtualWorld(withLadder(plan, 'web', [{ action: 'reset-failed' }])).boot().pass(60);
  const web = world.service('web');
  const orders: number[] = [];
  web.start = () => ({ exit: 1, hint: 'given up' });
  web.condition = 'dead';
  world.onEffects = (effects) => {
    if (effects.some((effect) => effect.type === 'run')) orders.push(world.t);
  };
  world.pass(5 * 3_600);
  expect(orders.length).toBeGreaterThan(3);
  expect(orders.length).toBeLessThanOrEqual(3 + 5);
  for (const [at, t] of orders.entries()) {
    expect(orders.filter((other) => other > t - 3_600 && other <= t).length).toBeLessThanOrEqual(3);
    expect(t - (orders[at - 1] ?? -300)).toBeGreaterThanOrEqual(300);
  }
  // And each of them is one reset and one start, whatever becomes of it.
  const { calls } = fakeSystemctl(await folder(), GIVEN_UP);
  for (const _ of [1, 2]) await run();
  expect(calls()).toEqual([...ORDERS, ...ORDERS]);
});
