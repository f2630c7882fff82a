import { expect, test } from 'vitest';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const first = (world: VirtualWorld) => Object.values(world.world.state.incidents)[0];

test('an incident tells of its first failed look, from which it counts', () => {
  const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true } })).boot().pass(60);
  world.service('web').condition = 'hung';
  world.pass(300);
  const incident = first(world);
  expect(incident?.steps.slice(0, 2)).toMatchObject([
    { at: incident?.started.at, kind: 'first-failed', text: 'First look failed' },
    { kind: 'detected' },
  ]);
  expect(incident?.steps[1]?.at).toBeGreaterThan((incident?.started.at ?? 0) + 30_000);
});

test('what is noticed at once has one beginning only', () => {
  const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
  world.service('web').condition = 'dead';
  world.pass(30);
  expect(first(world)?.steps[0]?.kind).toBe('detected');
});
