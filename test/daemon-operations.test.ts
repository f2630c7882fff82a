import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../src/core/judge.ts';
import type { Plan } from '../src/core/plan.ts';
import { createOperations } from '../src/daemon-operations.ts';
import { createInbox } from '../src/inbox.ts';
import { openHome } from '../src/store/home.ts';
import { initialState } from '../src/store/state.ts';
import { openStore } from '../src/store/store.ts';
import { inFolder, servicePlan } from './helpers/plans.ts';
import { NOON, sampleAlert } from './store/samples.ts';
import { scratch } from './store/scratch.ts';
import { broken } from './text/samples.ts';

async function operationsOn(path: string, services: Plan = servicePlan({})) {
  const home = openHome(path);
  const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 4096 });
  const plan = () => services;
  const now = () => ({ at: NOON, steady: 1 });
  const inbox = createInbox({
    ...{ plan, now },
    world: judge({ state: initialState(), latest: {} }, { type: 'booted', sinceBootMs: 86_400_000 }, services, now())
      .world,
    save: store.saveState,
    perform: (effects) => {
      for (const effect of effects) if (effect.type === 'answer') answer(effect.request, effect.answer);
    },
    isOld: () => false,
    onChange: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  const { operations, answer } = createOperations({
    ...{ plan, now, inbox, store, home: path, snapshot: broken },
    action: async () => undefined,
    metrics: () => '',
    lookNow: async () => [],
    hasLooked: () => true,
    stop: () => undefined,
    underWay: () => [],
    queued: () => undefined,
  });
  return { operations, store };
}

it('gives taken alerts again to who has the receipt, also from the next daemon, and to nobody else', async () => {
  const home = join(scratch(), 'home');
  const { operations, store } = await operationsOn(home);
  await store.alerts.add(sampleAlert('a1'));
  const ids = async (by: string, receipt?: string, from = operations) =>
    (await from.takeAlerts(by, receipt)).map(({ id }) => id);
  expect(await ids('ada', 'receipt-of-ada')).toEqual(['a1']);
  expect(await ids('ada', 'receipt-of-ada')).toEqual(['a1']);
  await store.alerts.add(sampleAlert('a2'));
  expect(await ids('ada', 'receipt-of-ada')).toEqual(['a1']);
  expect(await ids('bob', 'receipt-of-bob')).toEqual(['a2']);
  expect(await ids('eve')).toEqual([]);
  await store.close();
  const next = await operationsOn(home);
  expect(await ids('ada', 'receipt-of-ada', next.operations)).toEqual(['a1']);
  await next.store.close();
});

describe('a rehearsal of a recovery', () => {
  /** A service in a folder of its own, which never ran. */
  async function rehearsing(force: boolean, prepare: (folder: string) => void = () => undefined, dryRun = true) {
    const folder = scratch();
    prepare(folder);
    const plan = inFolder(servicePlan({ web: {} }), folder);
    const targets = { web: { ...required(plan.targets['web']), bringUp: false } };
    const { operations } = await operationsOn(join(folder, 'home'), { ...plan, targets });
    return await operations.recover('web', { dryRun, force, by: 'ada' });
  }
  const required = <T>(value: T | undefined): T => value ?? expect.fail('not there');
  const maintained = (folder: string) => writeFileSync(join(folder, 'maintenance'), '');

  it('is refused for what the real one is refused for, and says so', async () => {
    const { lines } = await rehearsing(false, maintained);
    expect(lines?.[0]).toMatch(/^It would be refused now: web is not recovered now: .*maintenance/);
  });

  it('is of a real one that asks the host first as well', async () => {
    const reply = await rehearsing(false, maintained, false);
    expect(reply).toMatchObject({ ok: false, trouble: { message: expect.stringContaining('maintenance') } });
  });

  it('passes by force what the real one passes', async () => {
    const { lines } = await rehearsing(true, maintained);
    expect(lines?.join()).not.toContain('refused');
  });

  it('with a playbook that does not exist is an error', async () => {
    const { operations } = await operationsOn(join(scratch(), 'home'), servicePlan({ web: {} }));
    const wish = { dryRun: true, force: false, by: 'ada', playbook: 'nope' };
    expect(await operations.recover('web', wish)).toMatchObject({ ok: false, trouble: { code: 'USAGE' } });
    expect(await operations.recover('hub', wish)).toMatchObject({ ok: false, trouble: { code: 'TARGET_UNKNOWN' } });
  });
});
