import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const kinds = (world: VirtualWorld) => world.alerts.map((alert) => alert.kind);

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

/** A service without a start command that answers with errors, and somebody has been told. */
function told(): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true }, hub: UNHURRIED })).boot().pass(60);
  world.service('web').condition = 'failing';
  world.pass(120);
  expect(kinds(world)).toEqual(['opened']);
  return world;
}

describe('that it is over is told to whoever was told that it began', () => {
  test('after the silence in which it got well', () => {
    const world = told();
    ask(world, { type: 'silence', scope: 'web', forMs: 600_000 });
    world.service('web').condition = 'up';
    world.pass(590);
    expect(kinds(world)).toEqual(['opened']);
    world.pass(20);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
    expect(world.alerts[1]).toMatchObject({ incident: '1', title: 'web is well again' });
    world.pass(3_600);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
  });

  test('at once when the silence is lifted', () => {
    const world = told();
    ask(world, { type: 'hold', scope: 'all', forMs: 6_000_000, reason: 'move', silent: true });
    world.service('web').condition = 'up';
    world.pass(60);
    ask(world, { type: 'release', scope: 'all' });
    expect(kinds(world)).toEqual(['opened', 'resolved']);
  });

  test('also when the daemon was restarted within the silence', () => {
    const world = told();
    ask(world, { type: 'silence', scope: 'all', forMs: 600_000 });
    world.service('web').condition = 'up';
    world.pass(60);
    world.boot().pass(600);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
  });

  test('not while it is in trouble again; then when that is over', () => {
    const world = told();
    ask(world, { type: 'silence', scope: 'web', forMs: 600_000 });
    world.service('web').condition = 'up';
    world.pass(60);
    world.service('web').condition = 'failing';
    world.pass(900);
    expect(kinds(world)).toEqual(['opened']);
    world.service('web').condition = 'up';
    world.pass(60);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
  });

  test('also when it left the config within the silence', () => {
    const world = told();
    ask(world, { type: 'silence', scope: 'web', forMs: 600_000 });
    world.plan = servicePlan({ hub: {} });
    world.send({ type: 'plan-changed' });
    expect(kinds(world)).toEqual(['opened']);
    world.pass(610);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
    expect(world.alerts[1]?.title).toContain('no longer watched');
  });
});

describe('an alert goes out', () => {
  test('when work has held a recovery to its cap, and the recovery goes on: a hold ends by itself', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.pass(1_790);
    expect([kinds(world), world.times(RESTART)]).toEqual([[], []]);
    world.pass(20);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
  });

  test('not to say that recovery has failed when it was a person who stopped it', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = (nth) => (nth < 3 ? { exit: 1 } : { bootMs: 6_000_000 });
    world.service('web').condition = 'dead';
    world.pass(615);
    expect(world.times(RESTART)).toHaveLength(3);
    ask(world, { type: 'stop-incident', incident: '1' });
    world.pass(1_800);
    expect(kinds(world)).toEqual(['opened']);
    expect(world.world.state.incidents['1']?.phase).toBe('suppressed');
  });

  test('within the hour of the last one only where the table says that it passes: failed, not opened', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: true } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(120);
    world.service('web').condition = 'up';
    world.pass(120);
    world.service('web').condition = 'failing';
    world.pass(120);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
    world.service('web').condition = 'foreign';
    world.pass(120);
    expect(kinds(world)).toEqual(['opened', 'resolved', 'failed']);
    expect(world.alerts[2]?.incident).toBe('2');
  });

  test('not for every short outage that others mend, although the attempts of the hour are used up', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 0 } } })).boot().pass(60);
    for (let i = 0; i < 30; i++) {
      world.service('web').condition = 'dead';
      world.pass(5);
      world.replaced('web', 'up', 5_000 + i);
      world.pass(85);
    }
    expect(world.times(RESTART)).toHaveLength(3);
    expect(kinds(world)).toEqual([]);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(kinds(world)).toEqual(['failed']);
  });

  test('about too many recoveries on the host not while everything is silent', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const world = new VirtualWorld(servicePlan(Object.fromEntries(names.map((name) => [name, {}])))).boot().pass(60);
    ask(world, { type: 'silence', scope: 'all', forMs: 300_000 });
    for (const name of names) {
      world.service(name).condition = 'dead';
      world.pass(10);
    }
    expect(kinds(world)).toEqual([]);
    world.pass(300);
    expect(world.alerts.map((alert) => alert.target)).toEqual(['host']);
  });

  test('not a second one within the hour because the target left the config and came back', () => {
    const world = told();
    const { plan } = world;
    world.plan = servicePlan({ hub: {} });
    world.send({ type: 'plan-changed' });
    world.plan = plan;
    world.boot().pass(1_200);
    expect(kinds(world)).toEqual(['opened', 'resolved']);
    world.pass(3_600);
    expect(kinds(world)).toEqual(['opened', 'resolved', 'opened']);
  });
});

test('an end that was heard of before it was seen is told with its last words', () => {
  const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
  const web = world.service('web');
  web.start = () => 'leaves';
  world.send({ type: 'exited', target: 'web', exitCode: 7, signal: undefined, lastLines: ['no disk'] });
  web.condition = 'dead';
  world.pass(400);
  expect(world.alerts[0]?.evidence.slice(-2)).toEqual(['It ended with exit status 7.', 'no disk']);
});
