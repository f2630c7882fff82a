import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import { overview } from '../../src/core/overview.ts';
import type { Effect } from '../../src/core/turn.ts';
import { servicePlan, UNHURRIED, valuePlan } from '../helpers/plans.ts';
import { type Condition, VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

const QUIET = { ...UNHURRIED, noStart: true };

/** What the daemon answers, as one line. */
function ask(world: VirtualWorld, wish: Wish): string {
  let line = '';
  world.onEffects = (effects: readonly Effect[]) => {
    for (const effect of effects)
      if (effect.type === 'answer') {
        const { answer } = effect;
        line = answer.ok ? answer.text : `${answer.trouble.code}: ${answer.trouble.message} ${answer.trouble.hint}`;
      }
  };
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  world.onEffects = () => {};
  return line;
}

function now(world: VirtualWorld) {
  return { at: world.now + world.wallShift, steady: world.now };
}

function seen(world: VirtualWorld) {
  return overview(world.world, world.plan, calm(now(world).at), now(world));
}

function down(...ids: readonly string[]): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ a: QUIET, b: QUIET })).boot().pass(60);
  for (const id of ids) world.service(id).condition = 'dead';
  return world.pass(ids.length > 0 ? 30 : 0);
}

describe('a wish about what is not there is refused, and what is there is named', () => {
  const world = down();

  test.each<[Wish]>([
    [{ type: 'recover', target: 'x', playbook: undefined, force: false }],
    [{ type: 'hold', scope: 'x', forMs: 1_000, reason: 'mine', silent: false }],
    [{ type: 'release', scope: 'x' }],
    [{ type: 'silence', scope: 'x', forMs: 1_000 }],
    [{ type: 'unsilence', scope: 'x' }],
  ])('%j', (wish) => {
    const before = world.world.state;
    expect(ask(world, wish)).toBe('TARGET_UNKNOWN: There is no target "x". Known targets: a, b.');
    expect(world.world.state.maintenance).toEqual(before.maintenance);
    expect(world.world.state.silences).toEqual(before.silences);
  });

  test('all are not one target, and no playbook is no playbook', () => {
    const wish = { type: 'recover', playbook: undefined, force: false } as const;
    expect(ask(world, { ...wish, target: 'all' })).toBe('TARGET_UNKNOWN: "all" is not one target. Name one target.');
    expect(ask(world, { ...wish, target: 'a', playbook: 'mine' })).toBe(
      'USAGE: a has no playbook "mine". It has none.',
    );
  });

  test('what is well needs no cleaning, and is cleaned by force', () => {
    const disk = new VirtualWorld(valuePlan('disk'));
    disk.values['disk'] = { percent: 10, warning: 80, critical: 90, clear: 75 };
    disk.boot().pass(120);
    expect(ask(disk, { type: 'recover', target: 'disk', playbook: undefined, force: false })).toBe(
      'NOT_NEEDED: disk is working; nothing to recover. --force does it anyway: jarvis-health recover disk --force',
    );
  });
});

test('a silence ends when a person ends it, and ending none is said', () => {
  const world = down();
  expect(ask(world, { type: 'unsilence', scope: 'a' })).toBe('a was not silenced.');
  ask(world, { type: 'silence', scope: 'all', forMs: 600_000 });
  ask(world, { type: 'silence', scope: 'a', forMs: 600_000 });
  const until = now(world).at + 600_000;
  expect(seen(world).targets.map(({ silencedUntil }) => silencedUntil)).toEqual([until, until]);
  expect(ask(world, { type: 'unsilence', scope: 'all' })).toBe('all: No longer silent.');
  expect(seen(world).targets.map(({ silencedUntil }) => silencedUntil)).toEqual([until, undefined]);
  expect(world.world.state.silences.map(({ scope }) => scope)).toEqual(['a']);
  world.pass(601);
  expect(seen(world).targets.map(({ silencedUntil }) => silencedUntil)).toEqual([undefined, undefined]);
});

describe('an incident', () => {
  test('that is not there is neither acknowledged nor stopped', () => {
    const world = down();
    for (const type of ['ack', 'stop-incident'] as const)
      expect(ask(world, { type, incident: '9' })).toBe(
        'INCIDENT_UNKNOWN: There is no incident 9. See: jarvis-health incidents',
      );
  });

  test('that is over is left as it was', () => {
    const world = down('a');
    world.service('a').condition = 'up';
    world.pass(60);
    const before = world.world.state.incidents['1'];
    expect(before?.phase).toBe('recovered');
    for (const type of ['ack', 'stop-incident'] as const)
      expect(ask(world, { type, incident: '1' })).toBe('Incident 1 is over already.');
    expect(world.world.state.incidents['1']).toEqual(before);
  });

  test('is acknowledged and stopped since the first time that somebody asked', () => {
    const world = down('a');
    const first = now(world).at;
    for (const type of ['ack', 'stop-incident'] as const) ask(world, { type, incident: '1' });
    world.pass(10);
    for (const type of ['ack', 'stop-incident'] as const) ask(world, { type, incident: '1' });
    expect(world.world.state.incidents['1']).toMatchObject({ ack: { at: first }, stopped: { at: first } });
  });
});

describe('the headline says the worst there is, of one by its name and of several by their number', () => {
  const said = (world: VirtualWorld) => {
    const { state, headline, detail } = seen(world).verdict;
    return [state, headline, detail];
  };
  const become = (condition: Condition, ...ids: readonly string[]) => {
    const world = down();
    for (const id of ids) world.service(id).condition = condition;
    return world.pass(90);
  };

  test('down', () => {
    expect(said(down('a')).slice(0, 2)).toEqual(['down', 'a is down']);
    expect(said(down('a', 'b'))).toEqual(['down', '2 services are down', 'a, b.']);
  });

  test('acknowledged', () => {
    const world = down('a');
    ask(world, { type: 'ack', incident: '1' });
    expect(said(world).slice(0, 2)).toEqual(['acknowledged', 'a is down, acknowledged']);
    const both = down('a', 'b');
    for (const incident of ['1', '2']) ask(both, { type: 'ack', incident });
    expect(said(both)).toEqual(['acknowledged', '2 services are down, acknowledged', 'a, b.']);
  });

  test('paused', () => {
    const hold = { type: 'hold', forMs: 600_000, reason: 'mine', silent: false } as const;
    const world = down('a');
    ask(world, { ...hold, scope: 'b' });
    expect(said(world).slice(0, 2)).toEqual(['down', 'a is down']);
    ask(world, { ...hold, scope: 'a' });
    ask(world, { type: 'release', scope: 'b' });
    expect(said(world).slice(0, 2)).toEqual(['maintenance', 'a is paused']);
    ask(world, { ...hold, scope: 'all' });
    expect(said(world).slice(0, 2)).toEqual(['maintenance', '2 services are paused']);
  });

  test('no data', () => {
    expect(said(become('blind', 'a')).slice(0, 2)).toEqual(['unknown', 'No data from a']);
    expect(said(become('blind', 'a', 'b'))).toEqual(['unknown', 'No data from 2 services', 'a, b.']);
  });

  test('to be watched', () => {
    expect(said(become('slow', 'a')).slice(0, 2)).toEqual(['slow', 'a is slow']);
    expect(said(become('slow', 'a', 'b'))).toEqual(['slow', '2 services need watching', 'a, b.']);
  });

  test('recovering, each of which is under way', () => {
    const world = new VirtualWorld(servicePlan({ a: UNHURRIED, b: UNHURRIED })).boot().pass(60);
    for (const id of ['a', 'b']) {
      world.service(id).condition = 'dead';
      world.service(id).start = () => ({ bootMs: 40_000 });
    }
    world.pass(15);
    expect(said(world)).toEqual(['recovering', '2 services are recovering', 'a, b.']);
    world.service('b').condition = 'up';
    world.pass(10);
    expect(said(world).slice(0, 2)).toEqual(['recovering', 'a is recovering']);
  });

  test('a thing that is over its limit is critical, and not down', () => {
    const disk = new VirtualWorld(valuePlan('disk', { noStart: true }));
    disk.values['disk'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    disk.boot().pass(900);
    expect(said(disk).slice(0, 2)).toEqual(['down', 'disk is critical']);
    disk.values['disk'].percent = 85;
    const warned = new VirtualWorld(valuePlan('disk', { noStart: true }));
    warned.values['disk'] = { percent: 85, warning: 80, critical: 90, clear: 75 };
    warned.boot().pass(900);
    expect(said(warned).slice(0, 2)).toEqual(['slow', 'disk needs watching']);
  });

  test('nothing to look at anywhere is no data', () => {
    const disk = new VirtualWorld(valuePlan('disk', { noStart: true }));
    disk.values['disk'] = { percent: 10, warning: 80, critical: 90, clear: 75, gone: true };
    disk.boot().pass(120);
    expect(said(disk)[0]).toBe('unknown');
  });
});
