import { describe, expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const BRING_UP = 'bring-up web restart-service';
const RESTART = 'attempt web restart-service';

describe('what holds a recovery holds a bring-up too', () => {
  test.each([0, 5])(
    'what ran on a terminal and went while the daemon was away waits a minute (survey: %i ms)',
    (ms) => {
      const world = new VirtualWorld(servicePlan({ web: {} }));
      world.service('web').terminal = true;
      world.surveyMs = ms;
      world.boot().pass(60);
      world.service('web').condition = 'dead';
      world.boot().pass(55);
      expect(world.times(BRING_UP)).toEqual([]);
      expect(world.world.state.targets['web']?.rulings[0]?.text).toContain('probably ended by a person');
      world.pass(10);
      expect(world.times(BRING_UP)).toHaveLength(1);
    },
  );

  test('work that holds it to the cap becomes an alert, and is no hold any more', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.boot().pass(1_790);
    expect(world.story()).toEqual([]);
    world.pass(30);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('what a person started while work held it is not started again on a look of before', () => {
    const world = new VirtualWorld(servicePlan({ web: { check: { everyMs: 200_000 } } }));
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.boot().pass(30);
    // It answers, and its process is nowhere to be found.
    world.says = (check) => (check.name === 'process' ? 'dead' : 'up');
    world.pass(60);
    world.work['web'] = [];
    world.pass(60);
    expect(world.times(BRING_UP)).toEqual([]);
    expect(world.world.state.targets['web']?.bringUp.phase).toBe('done');
  });

  test('a child in trouble waits while its parent is brought up, also after a restart of the daemon', () => {
    const plan = servicePlan({ base: {}, web: { parents: ['base'] } });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    world.pass(10);
    world.now += 3_600_000;
    world.service('base').condition = 'dead';
    world.service('base').start = () => ({ bootMs: 40_000 });
    world.service('web').start = () => 'up';
    const before = world.times(RESTART).length;
    world.boot().pass(35);
    expect(world.times(RESTART)).toHaveLength(before);
    world.pass(30);
    expect(world.times(RESTART)).toHaveLength(before + 1);
  });

  test('a parent that a person holds does not keep its children down all night', () => {
    const plan = servicePlan({ base: {}, web: { parents: ['base'] } });
    const world = new VirtualWorld(plan);
    world.service('base').condition = 'dead';
    world.service('web').condition = 'dead';
    const until = { at: world.now + world.wallShift + 8 * 3_600_000, steady: world.now + 8 * 3_600_000 };
    const maintenance = [{ scope: 'base', until, reason: 'upgrade', by: 'ada', silent: false }];
    world.world = { ...world.world, state: { ...world.world.state, maintenance } };
    world.boot().pass(290);
    expect(world.times(BRING_UP)).toEqual([]);
    world.pass(20);
    expect(world.times(BRING_UP)).toHaveLength(1);
  });
});
