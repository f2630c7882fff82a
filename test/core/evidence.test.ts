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
});
