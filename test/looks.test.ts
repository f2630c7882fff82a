import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Secret } from '../src/config/secret.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Result } from '../src/core/types.ts';
import { createLooks } from '../src/looks.ts';
import { createScheduler } from '../src/scheduler.ts';
import { initialState } from '../src/store/state.ts';
import { eventually } from './helpers/daemon.ts';
import { check, servicePlan } from './helpers/plans.ts';

/** A web app that answers when the test says so. */
async function patientWeb() {
  const open: http.ServerResponse[] = [];
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    open.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const answer = async (status: number) => {
    const response = await eventually('it was asked', () => open.shift());
    response.writeHead(status).end();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, answer };
}

function planOf(options?: object): Plan {
  const checks =
    options === undefined ? {} : { 'web:http': check('web:http', 'web', 'http', { everyMs: 60_000, options }) };
  return { ...servicePlan({}), checks };
}

/** Looks and their scheduler; `told` is what the judge heard of. */
function looking() {
  const told: Result[] = [];
  const remembered: Result[] = [];
  let steady = 0;
  const looks = createLooks({
    home: '/nowhere',
    now: () => ({ at: 1_800_000_000_000, steady: ++steady }),
    world: () => ({ state: initialState(), latest: {} }),
    push: (event) => void (event.type === 'looked' && told.push(event.result)),
    remember: (result) => void remembered.push(result),
    lookSoon: (checks, afterMs) => scheduler.lookSoon(checks, afterMs),
  });
  const scheduler = createScheduler(looks.look);
  onTestFinished(scheduler.stop);
  const use = (plan: Plan) => {
    looks.use(plan);
    scheduler.use(plan);
  };
  return { use, told, remembered, lookNow: looks.lookNow, isOld: looks.isOld };
}

test('a look of the config before says nothing, and the one that takes its place comes at once', async () => {
  const web = await patientWeb();
  const { use, told, remembered, isOld } = looking();
  use(planOf({ url: `${web.url}/old` }));
  await eventually('the old one looks', () => web.asked.length === 1);
  use(planOf({ url: `${web.url}/new` }));
  await web.answer(500);
  await eventually('the new one looks', () => web.asked.length === 2);
  expect(told).toEqual([]);
  expect(remembered).toEqual([]);
  await web.answer(200);
  await eventually('it is told', () => told.length === 1);
  expect(told[0]).toMatchObject({ check: 'web:http', status: 'ok' });
  expect(web.asked).toEqual(['/old', '/new']);
  const [seen] = told;
  if (seen === undefined) throw new Error('it told nothing');
  expect(isOld(seen)).toBe(false);
  use(planOf({ url: `${web.url}/newest` }));
  expect(isOld(seen)).toBe(true);
});

test('who waits for a look is given the one of the config in force', async () => {
  const web = await patientWeb();
  const { use, lookNow } = looking();
  use(planOf({ url: `${web.url}/old` }));
  await web.answer(200);
  await eventually('the first look is back', async () => web.asked.length === 1);
  const results = lookNow(['web:http']);
  await eventually('it looks for the caller', () => web.asked.length === 2);
  use(planOf({ url: `${web.url}/new` }));
  await web.answer(500);
  await web.answer(200);
  expect(await results).toMatchObject([{ check: 'web:http', status: 'ok' }]);
});

test('who waits for a check that leaves the config waits no longer', async () => {
  const web = await patientWeb();
  const { use, told, lookNow } = looking();
  use(planOf({ url: web.url }));
  await eventually('it looks', () => web.asked.length === 1);
  const results = lookNow(['web:http', 'never:there']);
  use(planOf());
  expect(await results).toEqual([]);
  await web.answer(500);
  expect(told).toEqual([]);
});

test('a secret taken from another place is a change, and a config that only was written anew is none', async () => {
  const web = await patientWeb();
  const { use, told } = looking();
  const withKey = (text: string) => planOf({ url: web.url, headers: { Authorization: new Secret({ text }) } });
  use(withKey('one'));
  await eventually('it looks', () => web.asked.length === 1);
  use(withKey('two'));
  await web.answer(401);
  await eventually('it looks with the other key', () => web.asked.length === 2);
  use(withKey('two'));
  await web.answer(200);
  await eventually('it is told', () => told.length === 1);
  expect(told[0]?.message).toMatch(/^answers in/);
  expect(web.asked).toHaveLength(2);
});
