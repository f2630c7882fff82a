import { describe, expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const HOUR_MS = 3_600_000;

/** A service that has failed often enough, and was not silent for long enough, to be called hung. */
function nearlyHung(): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: { check: { timeoutMs: 2_000 } } })).boot().pass(60);
  world.service('web').condition = 'hung';
  return world.pass(45);
}

describe('a daemon that starts again', () => {
  test('ends the attempt that was cut short, counts it, and does not run its step once more', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(0.265);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'acting' }]);
    world.boot().pass(200);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'ended', outcome: 'interrupted' }]);
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('limit-cooldown');
    world.pass(120);
    expect(world.times(RESTART)).toHaveLength(2);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('measures no silence across the time it was away', () => {
    const world = nearlyHung();
    expect(world.world.state.checks['web:http']).toMatchObject({ belief: 'ok', reason: 'fine' });
    expect(world.world.state.checks['web:http']?.strikes).toBeGreaterThan(2);
    world.now += HOUR_MS;
    world.boot().pass(45);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(45);
    expect(world.times(RESTART)).toHaveLength(1);
  });
});

describe('a host that has slept', () => {
  test('measures no silence across its sleep', () => {
    const world = nearlyHung();
    world.now += HOUR_MS;
    world.send({ type: 'resumed', awayMs: HOUR_MS });
    world.pass(100);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('is left to settle for a minute, also where a process is certainly gone', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.now += HOUR_MS;
    world.send({ type: 'resumed', awayMs: HOUR_MS });
    world.service('web').condition = 'dead';
    world.pass(55);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(10);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('acts on no look of before', () => {
    const world = new VirtualWorld(servicePlan({ web: { check: { everyMs: 20_000 } } })).boot().pass(60);
    expect(Object.keys(world.world.latest)).toHaveLength(2);
    world.send({ type: 'resumed', awayMs: HOUR_MS });
    expect(world.world.latest).toEqual({});
  });
});
