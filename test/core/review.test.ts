import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import { servicePlan, UNHURRIED, valuePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const BRING_UP = 'bring-up web restart-service';

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

/** A world whose web hangs while the cooldown of an attempt half a minute ago still lasts: it waits to be recovered. */
function hungInCooldown(everyMs = 10_000): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, check: { everyMs } } })).boot().pass(60);
  world.service('web').condition = 'dead';
  world.pass(30);
  world.service('web').condition = 'hung';
  world.pass(120);
  expect(world.world.state.targets['web']?.belief).toBe('critical');
  expect(world.times(RESTART)).toHaveLength(1);
  return world;
}

function crash(world: VirtualWorld, when: string): void {
  world.onEffects = (effects) => {
    if (effects.some((effect) => effect.type === when)) throw new Error('killed');
  };
  expect(() => world.pass(1_200)).toThrow('killed');
  world.onEffects = () => {};
}

describe('nothing is done on evidence that is not seen now', () => {
  test('what was mended while the daemon was away is not restarted on what was believed before', () => {
    const world = hungInCooldown();
    world.now += 3_600_000;
    world.service('web').condition = 'up';
    world.boot().pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('what is still bad after a restart of the daemon is recovered by a look of this life', () => {
    const world = hungInCooldown();
    world.now += 3_600_000;
    world.boot().pass(60);
    expect(world.times(RESTART)).toHaveLength(2);
  });

  test('between the first good look and the second nothing is ended', () => {
    let between = 0;
    for (let before = 2; before <= 24; before += 2) {
      const world = hungInCooldown(13_000);
      const [first = 0] = world.times(RESTART);
      world.pass(first + 300 - world.t - before);
      world.service('web').condition = 'up';
      world.pass(before - 0.5);
      const { status } = world.world.latest['web:http'] ?? {};
      if (status !== 'ok' || world.world.state.targets['web']?.incident === undefined) continue;
      between++;
      world.pass(60);
      expect(world.times(RESTART)).toHaveLength(1);
    }
    expect(between).toBeGreaterThan(0);
  });

  test('a trouble that can no longer be seen is not repaired', () => {
    const world = hungInCooldown();
    world.service('web').condition = 'blind';
    world.pass(3_600);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('nobody is told about a trouble that is over, only because the daemon starts again', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(300);
    world.now += 10 * 3_600_000;
    world.service('web').condition = 'up';
    world.boot().pass(60);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
  });

  test('a config that corrects what is looked at is judged by looks of its own', () => {
    const world = new VirtualWorld(servicePlan({ web: { mode: 'observe' } })).boot().pass(60);
    world.service('web').condition = 'hung';
    world.pass(300);
    world.service('web').condition = 'up';
    world.plan = servicePlan({ web: {} });
    world.send({ type: 'plan-changed' });
    world.pass(60);
    expect(world.times(RESTART)).toEqual([]);
  });
});

describe('what starts is left to start', () => {
  test('a hung service that a person started anew is not ended while it boots, although the cooldown is over', () => {
    const plan = servicePlan({ web: { policy: { startGraceMs: 300_000 } } });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(30);
    world.service('web').condition = 'hung';
    world.pass(240);
    const web = world.service('web');
    Object.assign(web, { condition: 'booting', pid: 999, bornAt: world.now + 240_000 });
    world.pass(235);
    expect(world.times(RESTART)).toHaveLength(1);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('a restart of the daemon does not shorten the grace of what boots, and tells nobody', () => {
    const plan = servicePlan({ web: { policy: { startGraceMs: 300_000, cooldownMs: 60_000 } } });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 280_000 });
    world.service('web').condition = 'dead';
    world.pass(30);
    world.boot().pass(235);
    expect(world.times(RESTART)).toHaveLength(1);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.alerts).toEqual([]);
  });

  test('an attempt that waits for its proof goes on waiting after the host slept', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 20_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    world.now += 8 * 3_600_000;
    world.service('web').bornAt = world.now + 15_000;
    world.send({ type: 'resumed', awayMs: 8 * 3_600_000 });
    world.send({ type: 'ticked' });
    world.pass(60);
    expect(world.alerts).toEqual([]);
    expect(world.world.state.targets['web']?.attempts[0]?.outcome).toBe('recovered');
  });
});

describe('no way around the limits', () => {
  test('a daemon in a crash loop brings a service up three times and not for ever', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.boot();
    for (let i = 0; i < 10; i++) {
      world.pass(1);
      world.boot();
    }
    expect(world.times(BRING_UP).length).toBeGreaterThan(0);
    world.service('web').start = () => ({ exit: 1 });
    for (let i = 0; i < 10; i++) {
      world.service('web').condition = 'dead';
      world.onEffects = (effects) => {
        if (effects.some((effect) => effect.type === 'run')) {
          for (const effect of effects) if (effect.type === 'run') world.lines.push({ t: world.t, what: 'started' });
          throw new Error('killed');
        }
      };
      try {
        world.boot().pass(30);
      } catch {}
    }
    expect(world.story().filter((line) => line === 'started').length).toBeLessThanOrEqual(6);
  });

  test('a service taken out of the config and put back keeps its attempts', () => {
    const plan = servicePlan({ web: UNHURRIED });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    for (let i = 0; i < 12; i++) {
      world.pass(60);
      world.plan = servicePlan({});
      world.send({ type: 'plan-changed' });
      world.pass(1);
      world.plan = plan;
      world.boot();
    }
    expect(world.times(RESTART).length).toBeLessThanOrEqual(3);
    expect(world.times(BRING_UP).length).toBeLessThanOrEqual(3);
  });

  test('what left the config did not get well: its incident says so, and who was told is told', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(300);
    world.plan = servicePlan({});
    world.send({ type: 'plan-changed' });
    const [incident] = Object.values(world.world.state.incidents);
    expect(incident?.phase).not.toBe('recovered');
    expect(incident?.ended).toBeDefined();
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
    expect(world.alerts[1]?.title).toContain('no longer watched');
  });

  test('a hold that begins between two steps of a ladder stops the next one', () => {
    const base = servicePlan({ web: { policy: { startGraceMs: 10_000 } } });
    const world = new VirtualWorld(withLadder(base, 'web', [{}, { action: 'stronger' }])).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 600_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'I look myself', silent: false });
    world.pass(120);
    expect(world.times('attempt web stronger')).toEqual([]);
  });
});

describe('holds end, and what they hid is seen', () => {
  test('work that was over long ago does not hide a hang', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.send({
      type: 'surveyed',
      target: 'web',
      found: [{ kind: 'work', text: 'npm install (pid 7) runs in /srv' }],
    });
    world.pass(30);
    world.service('web').condition = 'hung';
    world.pass(120);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('work of an earlier incident alerts nobody in a later one', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.pass(60);
    world.work['web'] = [];
    world.service('web').condition = 'up';
    world.pass(7_200);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.alerts).toEqual([]);
  });

  test('work under another number every time is one row of work, and reaches its cap', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    for (let i = 0; i < 250; i++) {
      world.work['web'] = [`tsc (pid ${i}) runs in /srv`];
      world.pass(10);
    }
    expect(world.alerts[0]?.kind).toBe('opened');
  });

  test('a bring-up that waited for work goes on when the work is over', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.boot().pass(30);
    expect(world.times(BRING_UP)).toEqual([]);
    world.work['web'] = [];
    world.pass(30);
    expect(world.times(BRING_UP)).toHaveLength(1);
  });

  test('a silent pause of everything is silent for a target that has a hold of its own', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false });
    ask(world, { type: 'hold', scope: 'all', forMs: 600_000, reason: 'move', silent: true });
    world.service('web').condition = 'dead';
    world.pass(300);
    expect(world.alerts).toEqual([]);
  });
});

describe('what is believed follows what is seen', () => {
  test('a service that answered with errors and then hangs is hung, and recovered', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(120);
    world.service('web').condition = 'hung';
    world.pass(50);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('a refused configuration is forgotten when the service is well again', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 78 });
    world.boot().pass(60);
    Object.assign(world.service('web'), { condition: 'up', pid: 999, start: () => 'up' });
    world.pass(3_600);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('a look that slept through the night is no evidence', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'hung';
    world.pass(47);
    const look = world.world.latest['web:http'];
    if (look === undefined) throw new Error('no look');
    const began = world.now;
    world.now += 8 * 3_600_000;
    world.send({ type: 'looked', result: { ...look, look: 1e6, steady: began, at: began, tookMs: 10_000 } });
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
  });

  test('a value just under its critical limit is still critical', () => {
    const world = new VirtualWorld(valuePlan('memory', { informs: true }));
    world.values['memory'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(900);
    expect(world.world.state.targets['memory']?.belief).toBe('critical');
    const look = world.world.latest['memory:value'];
    if (look === undefined) throw new Error('no look');
    world.send({ type: 'looked', result: { ...look, look: 1e6, status: 'warning', clear: false, steady: world.now } });
    expect(world.world.state.targets['memory']?.belief).toBe('critical');
    world.send({
      type: 'looked',
      result: { ...look, look: 1e6 + 1, status: 'warning', clear: true, steady: world.now },
    });
    expect(world.world.state.targets['memory']?.belief).toBe('warning');
  });

  test('a restart by hand of a healthy service is no incident', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 5_000 });
    ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true });
    world.service('web').condition = 'dead';
    world.send({ type: 'looked', result: gone(world, 1) });
    world.send({ type: 'looked', result: gone(world, 2) });
    world.pass(60);
    expect(Object.values(world.world.state.incidents)).toEqual([]);
    expect(world.world.state.targets['web']?.attempts[0]?.outcome).toBe('recovered');
  });
});

/** A look at a process that is gone; its number lies before those of the looks that follow by themselves. */
function gone(world: VirtualWorld, nth: number) {
  const look = (world.world.latest['web:process']?.look ?? 0) + nth / 10;
  const seen = {
    check: 'web:process',
    target: 'web',
    look,
    status: 'critical',
    evidence: 'definite',
    reason: 'gone',
  } as const;
  return { ...seen, message: 'gone', silent: false, metrics: {}, at: world.now, steady: world.now, tookMs: 1 };
}

describe('parents first, and no alert is lost', () => {
  test('a child that hangs with its parent is not acted upon before it is known of the parent', () => {
    const plan = servicePlan({ web: { parents: ['base'], check: { hungAfterMs: 20_000 } }, base: {} });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('base').condition = 'hung';
    world.service('web').condition = 'hung';
    world.pass(200);
    const [parent = 0] = world.times('attempt base restart-service');
    const [child = Number.POSITIVE_INFINITY] = world.times(RESTART);
    expect(parent).toBeGreaterThan(0);
    expect(child).toBeGreaterThan(parent);
  });

  test('an alert that could not be queued is queued again while the daemon lives', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    crash(world, 'alert');
    // The queue could not be written; the daemon lives on.
    world.send({ type: 'upkeep' });
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    world.pass(1);
    expect(world.world.state.outbox).toEqual([]);
  });

  test('a memory that began anew gives its alerts other names than those that were taken before', () => {
    const ids = [0, 86_400_000].map((later) => {
      const world = new VirtualWorld(servicePlan({ web: { noStart: true } }));
      world.wallShift += later;
      world.boot().pass(60);
      world.service('web').condition = 'failing';
      world.pass(120);
      return world.alerts[0]?.id;
    });
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('what the tests of the rules had left out', () => {
  test('ten minutes of health forget an attempt, and not the hourly count', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 3_000_000 } } })).boot().pass(60);
    for (let i = 0; i < 3; i++) {
      world.service('web').condition = 'dead';
      world.pass(1);
      expect(world.times(RESTART)).toHaveLength(i + 1);
      world.pass(660);
    }
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(3);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['failed']);
  });

  test('nine minutes of health forget nothing', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 3_000_000 } } })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(540);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('a severity that rises is told once per incident, within the hour', () => {
    const world = new VirtualWorld(valuePlan('memory', { informs: true }));
    const memory = { percent: 85, warning: 80, critical: 90, clear: 75 };
    world.values['memory'] = memory;
    world.boot().pass(900);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    for (const percent of [95, 85, 95]) {
      memory.percent = percent;
      world.pass(600);
    }
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'escalated']);
    expect(world.alerts[1]?.severity).toBe('critical');
  });

  test('what flaps for four hours is told once before that is known and once after, and shown', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true, check: { everyMs: 4_000 } } }));
    world.plan = { ...world.plan, alerts: { after: 0, cooldownMs: 3_600_000 } };
    world.boot().pass(60);
    let flapped = 0;
    for (let i = 0; i < 1_200; i++) {
      world.service('web').condition = i % 2 === 0 ? 'failing' : 'up';
      world.pass(12);
      if (world.world.state.targets['web']?.flappingSince !== undefined) flapped++;
    }
    expect(flapped).toBeGreaterThan(500);
    expect(world.t).toBeGreaterThan(4 * 3_600);
    expect(world.alerts.filter((alert) => alert.kind === 'opened')).toHaveLength(2);
    world.service('web').condition = 'failing';
    world.pass(7_200);
    expect(world.world.state.targets['web']?.flappingSince).toBeUndefined();
    expect(world.alerts.at(-1)?.kind).not.toBe('resolved');
  });
});
