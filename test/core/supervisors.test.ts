import { describe, expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const open = (world: VirtualWorld) => world.world.state.incidents[world.world.state.targets['web']?.incident ?? ''];

/** Something else starts web anew so often: without a pause, so that no look ever sees it gone. */
function loop(world: VirtualWorld, condition: 'up' | 'booting', everyS: number, times: number): VirtualWorld {
  for (let i = 0; i < times; i++) {
    world.replaced('web', condition, 5_000 + Math.round(world.t * 10));
    world.pass(everyS);
  }
  return world;
}

describe('a crash loop under a supervisor that is not us', () => {
  test.each([2, 20, 45])('that never answers, with a new process every %i s, is an incident and is told', (everyS) => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    loop(world, 'booting', everyS, Math.ceil(420 / everyS));
    expect(open(world)).toMatchObject({ severity: 'critical', reason: 'refused' });
    expect(world.alerts.map((alert) => alert.kind)[0]).toBe('opened');
    expect(world.times(RESTART)).toEqual([]);
  });

  test('that answers between its ends is told as such, and not acted upon: two that start it would fight', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { recoverOn: ['failing'] } } })).boot().pass(60);
    loop(world, 'up', 15, 20);
    expect(open(world)).toMatchObject({ severity: 'warning', title: 'web ends again and again' });
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    expect(world.alerts[0]?.evidence.join()).toContain('something else starts it');
    expect(world.times(RESTART)).toEqual([]);
    world.pass(120);
    expect(open(world)).toBeUndefined();
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
  });

  test('that ends with nothing running is acted upon as ever', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    loop(world, 'booting', 20, 12);
    world.service('web').condition = 'dead';
    world.pass(2);
    expect(world.times(RESTART)).toHaveLength(1);
    world.pass(60);
    expect(open(world)).toBeUndefined();
  });

  test('four restarts by hand within two minutes are nobody’s alarm', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    loop(world, 'up', 30, 5).pass(120);
    expect(world.story()).toEqual([]);
  });

  test('a start by hand is left to start although an earlier one was still starting', () => {
    const world = new VirtualWorld(servicePlan({ web: { check: { hungAfterMs: 5_000 } } })).boot().pass(60);
    loop(world, 'booting', 50, 1);
    loop(world, 'booting', 50, 1);
    expect(world.times(RESTART)).toEqual([]);
    expect(open(world)).toBeUndefined();
  });
});
