import { expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const open = (world: VirtualWorld) => world.world.state.incidents[world.world.state.targets['web']?.incident ?? ''];

/** Its process goes on, and its port is closed from now on. */
function beginAnew(world: VirtualWorld): void {
  const begunAt = world.now;
  world.runAgeMs = () => world.now - begunAt;
  world.says = ({ name }) => (name === 'http' ? 'booting' : 'up');
}

test('what begins anew inside its old process is left to start', () => {
  const world = new VirtualWorld(servicePlan({ web: { policy: { startGraceMs: 300_000 } } })).boot().pass(60);
  beginAnew(world);
  world.pass(240);
  expect(world.world.state.targets['web']?.starting).toBeDefined();
  expect(open(world)).toBeUndefined();
  world.says = () => undefined;
  world.pass(30);
  expect(world.world.state.targets['web']?.starting).toBeUndefined();
  expect(world.story()).toEqual([]);
});

test('and recovered when it does not come up within its grace', () => {
  const policy = { startGraceMs: 300_000 };
  const world = new VirtualWorld(servicePlan({ web: { policy } })).boot().pass(60);
  beginAnew(world);
  world.pass(290);
  expect(world.story()).toEqual([]);
  world.pass(120);
  expect(world.times('attempt web restart-service')).toHaveLength(1);
});

test('a refused configuration that is told only after a while is not looped on', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  const web = world.service('web');
  web.start = () => {
    world.send({ type: 'exited', target: 'web', exitCode: 78, signal: undefined, lastLines: [] });
    return 'leaves';
  };
  web.condition = 'dead';
  world.pass(3_600);
  expect(world.times('attempt web restart-service')).toHaveLength(1);
  expect(open(world)).toMatchObject({ phase: 'failed' });
});
