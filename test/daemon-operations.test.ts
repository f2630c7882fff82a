import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createOperations } from '../src/daemon-operations.ts';
import { createInbox } from '../src/inbox.ts';
import { openHome } from '../src/store/home.ts';
import { initialState } from '../src/store/state.ts';
import { openStore } from '../src/store/store.ts';
import { servicePlan } from './helpers/plans.ts';
import { NOON, sampleAlert } from './store/samples.ts';
import { scratch } from './store/scratch.ts';
import { broken } from './text/samples.ts';

async function operationsOn(path: string) {
  const home = openHome(path);
  const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 4096 });
  const plan = () => servicePlan({});
  const now = () => ({ at: NOON, steady: 1 });
  const inbox = createInbox({
    ...{ plan, now },
    world: { state: initialState(), latest: {} },
    save: store.saveState,
    perform: () => undefined,
    isOld: () => false,
    onChange: () => undefined,
    onFault: (error) => {
      throw error;
    },
  });
  const { operations } = createOperations({
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
