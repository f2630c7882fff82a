import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { servicePlan, valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const FULL = { percent: 95, warning: 80, critical: 90, clear: 75 };

/** A log of one size, rotated as soon as it is over it, and a service beside it. */
function withLog(): VirtualWorld {
  const logs = valuePlan('logs', {
    policy: { cooldownMs: 1_000, maxAttemptsPerHour: 12 },
    check: { everyMs: 10_000, forMs: undefined, failureThreshold: 1 },
  });
  const web = servicePlan({ web: {} });
  const plan: Plan = {
    ...web,
    targets: { ...web.targets, ...logs.targets },
    checks: { ...web.checks, ...logs.checks },
  };
  const world = new VirtualWorld(plan);
  world.values['logs'] = { percent: 10, warning: 80, critical: 90, clear: 75 };
  return world.boot().pass(120);
}

describe('a log that was rotated', () => {
  test('is well when nothing of it is left to look at', () => {
    const world = withLog();
    world.cleansTo = 'nothing';
    world.values['logs'] = { ...FULL };
    world.pass(120);
    expect(world.story().filter((line) => line.includes('logs'))).toEqual([
      'detected logs',
      'attempt logs rotate-log',
      'recovered logs',
    ]);
    expect(world.world.state.targets['logs']?.attempts).toMatchObject([{ outcome: 'recovered' }]);
    expect(Object.values(world.world.state.incidents)).toMatchObject([{ outcome: 'auto-fixed' }]);
    expect(world.alerts).toEqual([]);
  });

  test('is forgotten in time, as one that left something to look at', () => {
    const world = withLog();
    world.cleansTo = 'nothing';
    world.values['logs'] = { ...FULL };
    world.pass(1_000);
    expect(world.world.state.targets['logs']?.forgottenAt).toBeDefined();
  });
});

test('rotating again and again is routine: services are recovered all the same', () => {
  const world = withLog();
  world.cleansTo = 10;
  for (let round = 0; round < 8; round += 1) {
    world.values['logs'] = { ...FULL };
    world.pass(45);
  }
  expect(world.story().filter((line) => line === 'attempt logs rotate-log').length).toBeGreaterThanOrEqual(6);
  expect(world.world.state.host).toMatchObject({ attempts: [], breakerUntil: undefined });
  world.service('web').condition = 'dead';
  world.pass(10);
  expect(world.story()).toContain('attempt web restart-service');
});
