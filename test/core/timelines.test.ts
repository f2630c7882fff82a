import { describe, expect, test } from 'vitest';
import { servicePlan, valuePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';

describe('the worked timelines of the design, with defaults, on a virtual clock', () => {
  test('a killed web app is back well under a second, without an alert', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(1);
    expect(world.story()).toEqual(['detected web', RESTART, 'recovered web']);
    expect(world.times('detected web')[0]).toBeLessThanOrEqual(60.3);
    world.pass(3_600);
    expect(world.alerts).toEqual([]);
    expect(Object.values(world.world.state.incidents)[0]).toMatchObject({ phase: 'recovered', outcome: 'auto-fixed' });
  });

  test('killed again a minute later it waits for the cooldown, tells after three looks, and acts at five minutes', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(60);
    world.service('web').condition = 'dead';
    world.pass(10);
    const ruling = world.world.state.targets['web']?.rulings[0];
    expect(ruling?.code).toBe('limit-cooldown');
    world.pass(400);
    const [first = 0, second = 0] = world.times(RESTART);
    expect(second - first).toBeGreaterThanOrEqual(300);
    expect(second - first).toBeLessThan(302);
    const told = world.times('alert opened web')[0] ?? 0;
    expect(told - 120).toBeGreaterThan(25);
    expect(told - 120).toBeLessThan(45);
    expect(world.story().at(-1)).toBe('alert resolved web');
  });

  test('a hung web app is restarted after three failed looks and a minute of silence, without an alert', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'hung';
    world.pass(100);
    const [acted = 0] = world.times(RESTART);
    expect(acted - 60).toBeGreaterThanOrEqual(60);
    expect(acted - 60).toBeLessThanOrEqual(75);
    expect(world.story()).toEqual(['detected web', RESTART, 'recovered web']);
    expect(world.alerts).toEqual([]);
  });

  test('a web app that serves one request of fifty seconds is left alone', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'hung';
    world.pass(50);
    world.service('web').condition = 'up';
    world.pass(600);
    expect(world.story()).toEqual([]);
  });

  test('a start that always fails: three bring-ups, three attempts five minutes apart, then one trial an hour', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 1 });
    world.boot().pass(5 * 3_600);
    const attempts = world.times(RESTART);
    expect(world.times('bring-up web restart-service')).toHaveLength(3);
    const gaps = attempts.map((t, i) => Math.round((t - (attempts[i - 1] ?? t)) / 60));
    expect(gaps.slice(0, 7)).toEqual([0, 5, 5, 60, 60, 60, 60]);
    const kinds = world.alerts.map((alert) => alert.kind);
    expect(kinds.slice(0, 2)).toEqual(['opened', 'failed']);
    expect(kinds.slice(2).every((kind) => kind === 'reminder')).toBe(true);
    expect(world.alerts[0]?.evidence.join(' ')).toContain('exit status 1');
    expect(world.times('alert opened web')[0]).toBeLessThan(60);
  });

  test('a refused configuration (exit 78) is not repeated until the config changes', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 78 });
    world.boot().pass(4 * 3_600);
    expect(world.story().filter((line) => line.includes('restart-service'))).toHaveLength(1);
    expect(world.alerts.map((alert) => alert.kind)[0]).toBe('failed');
    world.service('web').start = () => 'up';
    world.plan = servicePlan({ web: { fingerprint: '2' } });
    world.send({ type: 'plan-changed' });
    world.pass(10);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('a service that boots for four minutes gets no strike', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { startGraceMs: 300_000 } } })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 240_000 });
    world.service('web').condition = 'dead';
    world.pass(239);
    expect(world.story()).toEqual(['detected web', RESTART]);
    world.pass(10);
    expect(world.story()).toEqual(['detected web', RESTART, 'recovered web']);
    expect(world.alerts).toEqual([]);
  });

  test('a laptop that sleeps eight hours recovers nothing', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.now += 8 * 3_600_000;
    world.service('web').condition = 'hung';
    world.send({ type: 'resumed', awayMs: 8 * 3_600_000 });
    world.pass(40);
    world.service('web').condition = 'up';
    world.pass(600);
    expect(world.story()).toEqual([]);
  });
});

describe('values', () => {
  test('memory must be over its limit for five minutes, and clears lower than it trips', () => {
    const world = new VirtualWorld(valuePlan('memory', { informs: true }));
    world.values['memory'] = { percent: 70, warning: 80, critical: 90, clear: 75 };
    const memory = world.values['memory'];
    world.boot().pass(120);
    memory.percent = 85;
    world.pass(290);
    expect(world.story()).toEqual([]);
    world.pass(120);
    expect(world.story()).toEqual(['detected memory', 'inform memory report-top-processes']);
    world.pass(240);
    memory.percent = 78;
    world.pass(600);
    expect(world.world.state.targets['memory']?.incident).toBeDefined();
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    memory.percent = 70;
    world.pass(120);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
  });

  test('a full disk that its clean-up cured alerts nobody', () => {
    const world = new VirtualWorld(valuePlan('disk', { check: { forMs: 60_000 } }));
    world.values['disk'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.cleansTo = 50;
    world.boot().pass(600);
    expect(world.story()).toEqual(['detected disk', 'attempt disk clean-disk', 'recovered disk']);
    expect(world.alerts).toEqual([]);
  });

  test('a clean-up that frees too little tells at once and gives up after three', () => {
    const world = new VirtualWorld(valuePlan('disk', { check: { forMs: 60_000 } }));
    world.values['disk'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.cleansTo = 92;
    world.boot().pass(1_200);
    expect(world.story().filter((line) => line.startsWith('attempt'))).toHaveLength(3);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'failed']);
  });
});

test('with two disks only the cleanup of the one that is full is run', () => {
  const base = valuePlan('disk', { check: { forMs: 60_000 } });
  const steps = [{ action: 'clean-other', checks: ['disk:other'] }, { checks: ['disk:value'] }];
  const world = new VirtualWorld(withLadder(base, 'disk', steps));
  world.values['disk'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
  world.cleansTo = 50;
  world.boot().pass(300);
  expect(world.story()).toEqual(['detected disk', 'attempt disk clean-disk', 'recovered disk']);
});

describe('a start that takes long', () => {
  const slow = (progress: (seconds: number) => Record<string, number>): VirtualWorld => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.figures = (_, ageMs) => progress(ageMs / 1000);
    world.service('web').start = () => ({ bootMs: 300_000 });
    world.service('web').condition = 'dead';
    return world.pass(320);
  };

  test('is given more time while it burns CPU or writes its log', () => {
    expect(slow((age) => ({ cpuMs: age * 500, logBytes: 0 })).story()).toEqual([
      'detected web',
      RESTART,
      'recovered web',
    ]);
    expect(slow((age) => ({ cpuMs: 0, logBytes: age * 10 })).story()).toEqual([
      'detected web',
      RESTART,
      'recovered web',
    ]);
  });

  test('is over after its grace when it only sits there', () => {
    const world = slow((age) => ({ cpuMs: age, logBytes: 700 }));
    expect(world.world.state.targets['web']?.attempts[0]?.outcome).toBe('not-recovered');
  });
});
