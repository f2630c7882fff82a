import { describe, expect, test } from 'vitest';
import { servicePlan, valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const HOUR_MS = 3_600_000;

/** Memory that has been over its limit for 200 of the 300 s that it takes to be believed, when an hour is lost. */
function lostHour(): VirtualWorld {
  const plan = valuePlan('memory', { noStart: true });
  const world = new VirtualWorld({ ...plan, holds: { ...plan.holds, afterWakeMs: 0 } });
  world.values['memory'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
  world.boot().pass(200);
  expect(world.world.state.checks['memory:value']).toMatchObject({ belief: 'idle', strikes: 4 });
  world.now += HOUR_MS;
  return world;
}

function isMeasuredAnew(world: VirtualWorld): void {
  world.pass(290);
  expect(world.world.state.incidents).toEqual({});
  world.pass(60);
  expect(world.world.state.incidents['1']?.reason).toBe('over-limit');
}

describe('a daemon that starts again', () => {
  test('ends the attempt that was cut short, counts it, and does not run its step once more', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(0.265);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'acting' }]);
    world.boot().pass(200);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'ended', outcome: 'interrupted' }]);
    // The line that it began may be missing in the audit, which is written beside the act.
    expect(world.world.state.incidents['1']?.steps).toContainEqual(
      expect.objectContaining({
        kind: 'attempt-interrupted',
        text: expect.stringContaining('(restart) was under way when the daemon ended'),
      }),
    );
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('limit-cooldown');
    world.pass(120);
    expect(world.times(RESTART)).toHaveLength(2);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('tells of one that was done and not yet seen to help', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 60_000 });
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([{ phase: 'verifying' }]);
    world.boot().pass(1);
    expect(world.world.state.incidents['1']?.steps).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('ended before it was seen whether that helped') }),
    );
  });

  test('measures no trouble across the time it was away', () => {
    isMeasuredAnew(lostHour().boot());
  });
});

describe('a host that has slept', () => {
  test('measures no trouble across its sleep, even where it is not left to settle', () => {
    const world = lostHour();
    world.send({ type: 'resumed', awayMs: HOUR_MS });
    isMeasuredAnew(world);
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
