import { describe, expect, test } from 'vitest';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const BRING_UP = 'bring-up web restart-service';
const RESTART = 'attempt web restart-service';

/** A service that was tried in vain, three times as it was brought up and once as an attempt, and that waits now. */
function inVain(): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
  world.service('web').condition = 'dead';
  world.service('web').start = () => ({ exit: 7 });
  world.boot().pass(90);
  expect([world.times(BRING_UP).length, world.times(RESTART).length]).toEqual([3, 1]);
  return world;
}

function change(world: VirtualWorld, fingerprint: string): void {
  world.plan = servicePlan({ web: { ...UNHURRIED, fingerprint } });
  world.send({ type: 'plan-changed' });
}

describe('a changed config of what is down', () => {
  test('has it brought up at once, and the trouble ends with the one who changed it', () => {
    const world = inVain();
    world.service('web').start = () => 'up';
    change(world, '2');
    world.pass(10);
    expect(world.times(BRING_UP)).toHaveLength(4);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
    expect(world.world.state.incidents['1']).toMatchObject({ outcome: 'needed-you' });
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
  });

  test('gets one try for what was tried in vain within the hour, and leaves the limits as they are', () => {
    const world = inVain();
    const [first = 0] = world.times(RESTART);
    change(world, '2');
    world.pass(120);
    expect([world.times(BRING_UP).length, world.times(RESTART).length]).toEqual([4, 1]);
    world.pass(300);
    expect((world.times(RESTART)[1] ?? 0) - first).toBeGreaterThanOrEqual(300);
    expect(world.times(BRING_UP)).toHaveLength(4);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
  });

  test('is only what is its own: a reload of the same config, or of that of others, changes nothing', () => {
    const world = inVain();
    change(world, '1');
    world.plan = servicePlan({ web: UNHURRIED, hub: {} });
    world.send({ type: 'plan-changed' });
    world.pass(60);
    expect(world.times(BRING_UP)).toHaveLength(3);
  });

  test('passes no hold, and the trouble goes on being told while it lasts', () => {
    const world = inVain();
    const wish = { type: 'hold', scope: 'web', forMs: 7_200_000, reason: 'move', silent: false } as const;
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    change(world, '2');
    world.pass(3_700);
    expect(world.times(BRING_UP)).toHaveLength(3);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'reminder']);
  });

  test('does not start what a person has stopped', () => {
    const world = inVain();
    world.send({ type: 'asked', request: 1, by: 'ada', wish: { type: 'stop-incident', incident: '1' } });
    change(world, '2');
    world.pass(60);
    expect(world.times(BRING_UP)).toHaveLength(3);
  });

  test('finds work that is under way only when it is asked for, and then waits as an attempt does', () => {
    const world = inVain();
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').start = () => 'up';
    change(world, '2');
    world.pass(60);
    expect(world.times(BRING_UP)).toHaveLength(3);
    world.work['web'] = [];
    world.pass(300);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });
});

test('failed looks under other options are no strikes against what is looked at now', () => {
  const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
  const row = (): number => world.world.state.checks['web:http']?.strikes ?? 0;
  const reload = (timeoutMs: number): void => {
    world.plan = servicePlan({ web: { ...UNHURRIED, check: { timeoutMs } } });
    world.send({ type: 'plan-changed' });
  };
  reload(10_000);
  world.service('web').condition = 'failing';
  world.says = ({ name }) => (name === 'process' ? 'up' : undefined);
  while (row() < 2) world.pass(1);
  reload(10_000);
  expect(row()).toBe(2);
  reload(5_000);
  expect(row()).toBe(0);
  expect(world.world.state.targets['web']?.incident).toBeUndefined();
});
