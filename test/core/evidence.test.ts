import { describe, expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';

describe('what is acted upon is what is seen', () => {
  test('after three bring-ups in vain, a service that answers with errors is not taken for one that refuses', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 1 });
    world.boot().pass(30);
    const before = world.times(RESTART).length;
    Object.assign(world.service('web'), { condition: 'failing', pid: 999 });
    world.pass(1_200);
    expect(world.times(RESTART)).toHaveLength(before);
    expect(world.world.state.targets['web']?.incident).toBeDefined();
  });

  test('a service whose start left nothing behind is not called well again because nobody looks for a process', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    // With a port and no `match` a process that was never seen is no news: the check of it is idle.
    world.service('web').start = () => 'leaves';
    world.service('web').condition = 'dead';
    world.pass(900);
    expect(world.story().filter((line) => line.startsWith('recovered'))).toEqual([]);
    expect(Object.keys(world.world.state.incidents)).toEqual(['1']);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'failed']);
  });

  test('what was mended since its last look is looked at before it is ended, however seldom it is looked at', () => {
    const world = new VirtualWorld(servicePlan({ web: { check: { everyMs: 200_000 } } })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(2);
    world.service('web').condition = 'hung';
    world.pass(238);
    expect(world.world.state.targets['web']?.belief).toBe('critical');
    world.service('web').condition = 'up';
    world.pass(90);
    expect(world.times(RESTART)).toHaveLength(1);
    world.service('web').condition = 'hung';
    world.pass(400);
    expect(world.times(RESTART)).toHaveLength(2);
  });
});
