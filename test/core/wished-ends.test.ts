import { describe, expect, it } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const MINUTE = 60_000;
const uncleanEnds = { most: 2, windowMs: 10 * MINUTE, patienceMs: 30 * MINUTE };
const policy = { cooldownMs: 1_000, maxAttemptsPerHour: 1_000, uncleanEnds };
const aWorld = (more = {}) =>
  new VirtualWorld(servicePlan({ web: { policy: { ...policy, ...more } } })).boot().pass(60);

describe('an end that was wished', () => {
  const ends = (world: VirtualWorld) => world.world.state.targets['web']?.uncleanEnds;
  const UPDATE = 'An update of openclaw is being laid out';

  it('does not count', () => {
    const world = aWorld();
    world.wishes['web'] = [UPDATE];
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(ends(world)).toEqual([]);
    world.wishes['web'] = [];
    world.pass(60);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  it('does not count later either, when the next process is followed: a crash after an update is mended at once', () => {
    const world = aWorld();
    world.wishes['web'] = [UPDATE];
    for (const pid of [2_001, 2_002, 2_003]) {
      world.service('web').condition = 'dead';
      world.pass(30);
      world.replaced('web', 'up', pid);
      world.pass(30);
      expect(ends(world)).toEqual([]);
    }
    world.wishes['web'] = [];
    world.pass(30);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(ends(world)).toMatchObject([{ pid: 2_003 }]);
    expect(world.world.state.targets['web']).toMatchObject({ incident: undefined, belief: 'ok' });
  });

  it('is one by its cause, not because somebody works beside it', () => {
    const world = aWorld();
    world.work['web'] = ['git fetch (pid 12) runs in /srv/web.'];
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(ends(world)).toHaveLength(1);
  });
});
