import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

describe('holds', () => {
  test('maintenance looks on and acts on nothing, ends by itself, and then acts', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false });
    world.service('web').condition = 'dead';
    world.pass(590);
    expect(world.times(RESTART)).toEqual([]);
    expect(Object.values(world.world.state.incidents)[0]?.phase).toBe('suppressed');
    world.pass(15);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(Object.values(world.world.state.incidents)[0]?.phase).toBe('recovered');
  });

  test('a silent hold tells nobody; a plain one does', () => {
    for (const silent of [true, false]) {
      const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
      ask(world, { type: 'hold', scope: 'all', forMs: 600_000, reason: 'move', silent });
      world.service('web').condition = 'dead';
      world.pass(300);
      expect(world.alerts.map((alert) => alert.kind)).toEqual(silent ? [] : ['opened']);
    }
  });

  test('work under way in its folder holds a recovery and is looked at again; nobody is alerted meanwhile', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.pass(300);
    expect(world.times(RESTART)).toEqual([]);
    expect(world.alerts).toEqual([]);
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('hold-work');
    world.work['web'] = [];
    world.pass(15);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('a process on a terminal was probably ended by a person: a minute passes before it is started', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').terminal = true;
    world.boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(55);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(10);
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('children wait for a recovering parent, at most five minutes, and raise no alert of their own', () => {
    const plan = servicePlan({ base: UNHURRIED, web: { ...UNHURRIED, parents: ['base'] } });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('base').start = () => ({ exit: 1 });
    world.service('base').condition = 'dead';
    world.service('web').condition = 'dead';
    world.pass(280);
    expect(world.times(RESTART)).toEqual([]);
    expect(world.times('attempt base restart-service')).toHaveLength(1);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    world.service('web').condition = 'dead';
    world.pass(3_600);
    expect(new Set(world.alerts.map((alert) => alert.target))).toEqual(new Set(['base']));
    expect(world.alerts.at(-1)?.body).toContain('web');
  });

  test('a host that has just booted is left to settle, but what nobody else starts is brought up', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.boot(5_000).pass(5);
    expect(world.times('bring-up web restart-service')).toHaveLength(1);
    world.service('web').condition = 'dead';
    world.pass(45);
    expect(world.times(RESTART)).toEqual([]);
    world.pass(20);
    expect(world.times(RESTART)).toHaveLength(1);
  });
});

describe('limits and people', () => {
  test('six recoveries on the host within ten minutes open the breaker, say so once, and rest for half an hour', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const world = new VirtualWorld(servicePlan(Object.fromEntries(names.map((name) => [name, UNHURRIED]))))
      .boot()
      .pass(60);
    for (const name of names) {
      world.service(name).condition = 'dead';
      world.pass(20);
    }
    expect(world.story().filter((line) => line.startsWith('attempt'))).toHaveLength(6);
    const told = world.alerts.filter((alert) => alert.target === 'host');
    expect(told).toHaveLength(1);
    expect(told[0]?.title).toContain('6 recoveries');
    world.pass(1_900);
    expect(world.story().filter((line) => line.startsWith('attempt'))).toHaveLength(8);
  });

  test('two recoveries run at the same time on the host, not more', () => {
    const names = ['a', 'b', 'c'];
    const world = new VirtualWorld(servicePlan(Object.fromEntries(names.map((name) => [name, {}])))).boot().pass(60);
    for (const name of names) {
      world.service(name).start = () => ({ bootMs: 30_000 });
      world.service(name).condition = 'dead';
    }
    world.pass(5);
    expect(world.story().filter((line) => line.startsWith('attempt'))).toHaveLength(2);
    world.pass(60);
    expect(world.story().filter((line) => line.startsWith('attempt'))).toHaveLength(3);
  });

  test('a person may recover by hand while the daemon waits; it is counted apart', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(10);
    world.service('web').condition = 'dead';
    world.pass(10);
    ask(world, { type: 'recover', target: 'web', playbook: undefined, force: false });
    world.pass(10);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
    expect(world.world.state.targets['web']?.attempts.map((attempt) => attempt.manual)).toEqual([false, true]);
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: false })).toContain(
      'no: web is not recovered now',
    );
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true })).toBe('yes');
  });

  test('even by force nobody passes work that is under way', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.send({ type: 'surveyed', target: 'web', found: [{ kind: 'work', text: 'git rebase runs in /srv' }] });
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true })).toContain('git rebase');
  });

  test('a maintenance file is passed by force, as the refusal says', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    const wish = { type: 'recover', target: 'web', playbook: undefined } as const;
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 1 });
    world.pass(10);
    world.send({
      type: 'surveyed',
      target: 'web',
      found: [{ kind: 'maintenance-file', text: '/srv/maintenance is there.' }],
    });
    expect(ask(world, { ...wish, force: false })).toContain('/srv/maintenance is there (until ');
    expect(ask(world, { ...wish, force: true })).toBe('yes');
  });

  test('what is held with all others is not released by itself, and that is said', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    ask(world, { type: 'hold', scope: 'all', forMs: 60_000, reason: 'upgrade', silent: false });
    expect(ask(world, { type: 'release', scope: 'web' })).toContain('no: web is held with all others');
    expect(ask(world, { type: 'release', scope: 'all' })).toBe('yes');
    expect(ask(world, { type: 'release', scope: 'web' })).toBe('yes');
  });

  test('an acknowledged incident is not reminded of; a stopped one is not recovered', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    world.pass(60);
    ask(world, { type: 'ack', incident: '1' });
    ask(world, { type: 'stop-incident', incident: '1' });
    const before = world.times(RESTART).length;
    world.pass(4 * 3_600);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    expect(world.times(RESTART)).toHaveLength(before);
    world.service('web').condition = 'up';
    world.pass(60);
    expect(Object.values(world.world.state.incidents)[0]).toMatchObject({ phase: 'recovered', outcome: 'needed-you' });
  });

  test('a silenced target alerts nobody, and what is still so afterwards is told', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    ask(world, { type: 'silence', scope: 'web', forMs: 1_800_000 });
    world.service('web').condition = 'failing';
    world.pass(1_700);
    expect(world.alerts).toEqual([]);
    world.pass(200);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
  });

  test('errors are told and not acted upon, unless the policy says so', () => {
    const told = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    told.service('web').condition = 'failing';
    told.pass(300);
    expect(told.times(RESTART)).toEqual([]);
    expect(told.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    const acted = new VirtualWorld(servicePlan({ web: { policy: { recoverOn: ['failing'] } } })).boot().pass(60);
    acted.service('web').condition = 'failing';
    acted.pass(300);
    expect(acted.times(RESTART)).toHaveLength(1);
  });

  test('in observe mode it says what it would do, and does nothing', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }, { mode: 'observe' }));
    world.service('web').condition = 'dead';
    world.boot().pass(3_600);
    expect(world.story().filter((line) => line.includes('restart-service'))).toEqual([]);
    expect(world.world.state.targets['web']?.rulings[0]?.text).toContain('observing only: it would restart it');
    expect(world.alerts.map((alert) => alert.kind)[0]).toBe('opened');
  });

  test('an alert is deferred to the end of the hour, and dropped when the trouble heals before', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(120);
    world.service('web').condition = 'up';
    world.pass(60);
    world.service('web').condition = 'failing';
    world.pass(600);
    world.service('web').condition = 'up';
    world.pass(60);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
    world.service('web').condition = 'failing';
    world.pass(3_600);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved', 'opened']);
  });

  test('an alert decided right before a crash is queued once after it', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.onEffects = (effects) => {
      if (effects.some((effect) => effect.type === 'alert')) throw new Error('killed');
    };
    expect(() => world.pass(300)).toThrow('killed');
    expect(world.alerts).toEqual([]);
    world.onEffects = () => {};
    world.boot().pass(60);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    expect(world.world.state.outbox).toEqual([]);
  });

  test('a healthy hour writes nothing to the state', () => {
    const world = new VirtualWorld(servicePlan({ web: {}, hub: {} })).boot().pass(600);
    const before = world.saves.length;
    world.pass(3_600);
    expect(world.saves.length).toBe(before);
  });
});
