import { expect, test } from 'vitest';
import { overview } from '../../src/core/overview.ts';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

function seen(world: VirtualWorld) {
  const now = { at: world.now + world.wallShift, steady: world.now };
  return { now, ...overview(world.world, world.plan, calm(now.at), now) };
}

test('what was well before the daemon started is not called well until it has looked', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  expect(seen(world).targets[0]?.checks.map(({ status }) => status)).toEqual(['ok', 'ok']);
  world.boot();
  const { now, targets } = seen(world);
  expect(targets[0]).toMatchObject({ state: 'first-run', since: now.at, detail: '' });
  expect(targets[0]?.checks).toMatchObject([
    { status: 'idle', message: '', at: undefined },
    { status: 'idle', message: '', at: undefined },
  ]);
});

test('what nobody has watched in between is well only since the daemon looks again', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(600);
  world.now += 240_000;
  const begun = world.now + world.wallShift;
  world.boot().pass(60);
  expect(seen(world).targets[0]).toMatchObject({ state: 'working', since: begun });
});
