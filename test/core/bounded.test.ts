import { expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const targetOf = (world: VirtualWorld) => world.world.state.targets['web'];

test('of the troubles that are over two hundred are remembered, the latest', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  world.service('web').condition = 'dead';
  world.pass(10);
  const { state } = world.world;
  const one = state.incidents['1'];
  if (one === undefined) throw new Error('there was no incident');
  const many = Array.from({ length: 250 }, (_, i) => ({ ...one, id: String(i + 1) }));
  const incidents = Object.fromEntries(many.map((incident) => [incident.id, incident]));
  world.world = { ...world.world, state: { ...state, incidents, lastIncident: 250 } };
  world.service('web').condition = 'dead';
  world.pass(10);
  expect(Object.keys(world.world.state.incidents)).toEqual(Array.from({ length: 201 }, (_, i) => String(i + 51)));
});

test('of what was done about one trouble two hundred lines are remembered, the latest', () => {
  const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
  world.service('web').condition = 'dead';
  world.pass(10);
  for (let i = 0; i < 250; i++)
    world.send({ type: 'asked', request: i, by: `ada ${i}`, wish: { type: 'ack', incident: '1' } });
  const steps = world.world.state.incidents['1']?.steps ?? [];
  expect(steps).toHaveLength(200);
  expect(steps.at(-1)?.text).toContain('ada 249');
});

test('of what was ruled twenty lines are remembered, the latest first', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  for (let i = 0; i < 30; i++) {
    const wish = { type: 'hold', scope: 'web', forMs: 60_000, reason: `reason ${i}`, silent: false } as const;
    world.send({ type: 'asked', request: i, by: 'ada', wish });
  }
  expect(targetOf(world)?.rulings).toHaveLength(20);
  expect(targetOf(world)?.rulings[0]?.text).toContain('reason 29');
});

test('of attempts and of the times that starts took ten are remembered', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  const wish = { type: 'recover', target: 'web', playbook: undefined, force: true } as const;
  for (let i = 0; i < 15; i++) {
    world.send({ type: 'asked', request: i, by: 'ada', wish });
    world.pass(10);
    // An hour counts for the limits.
    world.now += 3_600_000;
  }
  expect(targetOf(world)?.startTimesMs).toHaveLength(10);
  expect(targetOf(world)?.attempts.map((attempt) => attempt.id)).toEqual(
    Array.from({ length: 10 }, (_, i) => String(i + 6)),
  );
});
