import { describe, expect, test } from 'vitest';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const BRING_UP = 'bring-up web restart-service';

describe('bringing up', () => {
  test('starts no more at a time than recoveries may run on the host, and comes to all', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const world = new VirtualWorld(servicePlan(Object.fromEntries(names.map((name) => [name, {}]))));
    for (const name of names) world.service(name).condition = 'dead';
    let most = 0;
    world.onEffects = () => {
      const acting = Object.values(world.world.state.targets).filter((target) => target.bringUp.phase === 'acting');
      most = Math.max(most, acting.length);
    };
    world.boot().pass(10);
    expect(most).toBe(2);
    expect(names.map((name) => world.service(name).condition)).toEqual(names.map(() => 'up'));
  });

  test('waits longer after each try, and after the third it is an incident at once', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 1 });
    world.boot().pass(15);
    const [first = 0, second = 0, third = 0, ...more] = world.times(BRING_UP);
    // Two seconds and then eight, told at the next full second.
    expect(Math.trunc((second - first) / 2)).toBe(1);
    expect(Math.trunc((third - second) / 2)).toBe(4);
    expect(more).toEqual([]);
    expect(world.world.state.targets['web']?.bringUp.phase).toBe('gave-up');
    expect(world.world.state.targets['web']?.incident).toBe('1');
  });

  test('starts parents first', () => {
    const world = new VirtualWorld(servicePlan({ web: { parents: ['base'] }, base: {} }));
    world.service('base').condition = 'dead';
    world.service('base').start = () => ({ bootMs: 20_000 });
    world.service('web').condition = 'dead';
    world.boot().pass(15);
    expect(world.times('bring-up base restart-service')).toHaveLength(1);
    expect(world.times(BRING_UP)).toEqual([]);
    world.pass(15);
    expect(world.times(BRING_UP)).toHaveLength(1);
  });
});

describe('a parent', () => {
  test('that has failed holds its children no longer', () => {
    const world = new VirtualWorld(servicePlan({ base: {}, web: { parents: ['base'] } })).boot().pass(60);
    world.service('base').start = () => 'refused';
    world.service('base').condition = 'dead';
    world.service('web').condition = 'dead';
    // Within a minute its silence is certain too.
    world.pass(90);
    expect(world.times('attempt web restart-service')).toHaveLength(1);
  });

  test('that only cannot be seen keeps no alert of its child back', () => {
    const plan = servicePlan({
      base: { ...UNHURRIED, noStart: true },
      web: { ...UNHURRIED, parents: ['base'], noStart: true },
    });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('base').condition = 'blind';
    world.service('web').condition = 'failing';
    world.pass(120);
    expect(world.alerts.map((alert) => alert.target)).toContain('web');
  });
});

describe('a start', () => {
  test('that is at work is given time up to the cap, and no more', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.figures = (_, ageMs) => ({ cpuMs: ageMs, logBytes: 0 });
    world.service('web').start = () => ({ bootMs: 6_000_000 });
    world.service('web').condition = 'dead';
    world.pass(590);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'verifying' }]);
    world.pass(30);
    expect(world.world.state.targets['web']?.attempts[0]?.outcome).toBe('not-recovered');
  });

  test('may take three times what the slowest one took', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 0 } } })).boot().pass(60);
    for (const bootMs of [50_000, 140_000]) {
      world.service('web').start = () => ({ bootMs });
      world.service('web').condition = 'dead';
      world.pass(160);
    }
    const outcomes = world.world.state.targets['web']?.attempts.map((attempt) => attempt.outcome);
    expect(outcomes).toEqual(['recovered', 'recovered']);
  });

  test('that somebody else has made is waited for before anybody is told', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    const wish = { type: 'silence', scope: 'web', forMs: 300_000 } as const;
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    world.service('web').condition = 'hung';
    world.pass(280);
    world.replaced('web', 'booting', 5_000);
    world.pass(40);
    expect(world.alerts).toEqual([]);
    world.service('web').condition = 'up';
    world.pass(60);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
    expect(world.alerts).toEqual([]);
  });
});
