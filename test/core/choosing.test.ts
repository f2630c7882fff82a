import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import type { Playbook, Step } from '../../src/core/plan.ts';
import { ONCE, playbook, servicePlan, withPlaybooks } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const step = (action: string, over: Partial<Step> = {}): Step => ({
  action,
  options: {},
  timeoutMs: 60_000,
  recovers: true,
  ...ONCE,
  ...over,
});
const HUNG = playbook('hung-process', [step('end-it', { when: ['hung'] }), step('restart')], { when: ['hung'] });
const ANY = playbook('service-restart', [step('restart')]);
const BY_HAND = playbook('mine', [step('mine')]);

function worldOf(playbooks: readonly Playbook[], byHand: readonly Playbook[] = []): VirtualWorld {
  const world = new VirtualWorld(withPlaybooks(servicePlan({ web: {} }), 'web', playbooks, byHand)).boot().pass(60);
  for (const action of ['end-it', 'mine'])
    world.actions[action] = () => {
      world.service('web').condition = 'up';
      return { outcome: 'done', did: [] };
    };
  return world;
}

function ask(world: VirtualWorld, wish: Partial<Extract<Wish, { type: 'recover' }>>): string {
  const recover = { type: 'recover', target: 'web', playbook: undefined, force: false } as const;
  world.send({ type: 'asked', request: 1, by: 'ada', wish: { ...recover, ...wish } });
  return world.lines.at(-1)?.what ?? '';
}

const attempts = (world: VirtualWorld) => world.world.state.targets['web']?.attempts ?? [];
const rulings = (world: VirtualWorld) => world.world.state.targets['web']?.rulings.map(({ code }) => code) ?? [];

describe('of its automatic playbooks a target is recovered by', () => {
  test('the first one whose classes fit', () => {
    const world = worldOf([HUNG, ANY]);
    world.service('web').condition = 'dead';
    world.pass(10);
    world.service('web').condition = 'hung';
    world.pass(600);
    expect(attempts(world)).toMatchObject([
      { playbook: 'service-restart', class: 'crashed', outcome: 'recovered' },
      { playbook: 'hung-process', class: 'hung', outcome: 'recovered', steps: [{ action: 'end-it' }] },
    ]);
    expect(attempts(world)[1]?.because.join()).toContain('web:http silent');
  });

  test('none when none fits, and it says so', () => {
    const world = worldOf([HUNG]);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(attempts(world)).toEqual([]);
    expect(rulings(world)).toContain('no-step');
  });

  test('the class that it began with, whatever becomes of it', () => {
    const world = worldOf([
      playbook('hung-process', [step('end-it'), step('restart', { when: ['hung'] })], { when: ['hung'] }),
    ]);
    world.actions['end-it'] = () => {
      world.service('web').condition = 'dead';
      return { outcome: 'failed', did: [] };
    };
    world.service('web').condition = 'hung';
    world.pass(150);
    expect(attempts(world)).toMatchObject([
      { class: 'hung', outcome: 'recovered', steps: [{ action: 'end-it' }, { action: 'restart' }] },
    ]);
  });

  test('what brings up is never what ends a hang', () => {
    const world = new VirtualWorld(withPlaybooks(servicePlan({ web: {} }), 'web', [HUNG, ANY]));
    world.service('web').condition = 'dead';
    world.boot().pass(10);
    expect(world.times('bring-up web restart')).toHaveLength(1);
  });
});

describe('a person', () => {
  test('may name any playbook of a target, the ones for their word only too', () => {
    const world = worldOf([HUNG, ANY], [BY_HAND]);
    world.service('web').condition = 'dead';
    world.send({
      type: 'asked',
      request: 1,
      by: 'ada',
      wish: { type: 'hold', scope: 'web', forMs: 60_000, reason: 'I', silent: false },
    });
    world.pass(5);
    expect(ask(world, { playbook: 'mine', force: true })).toBe('yes');
    expect(attempts(world)).toMatchObject([{ playbook: 'mine', manual: true, forced: true }]);
  });

  test('who names one that does not exist is told which there are', () => {
    const world = worldOf([HUNG, ANY], [BY_HAND]);
    const wish = { type: 'recover', target: 'web', playbook: 'nope', force: true } as const;
    world.onEffects = (effects) =>
      expect(effects).toContainEqual(
        expect.objectContaining({
          answer: expect.objectContaining({
            trouble: expect.objectContaining({ hint: 'Its playbooks: hung-process, service-restart, mine.' }),
          }),
        }),
      );
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    expect(attempts(world)).toEqual([]);
  });

  test('who names none gets the one that fits, and of what is well the steps that are for everything', () => {
    const world = worldOf([HUNG, ANY]);
    expect(ask(world, { force: true })).toBe('yes');
    expect(ask(world.pass(30), { force: true, playbook: 'hung-process' })).toBe('yes');
    expect(attempts(world).map((one) => [one.playbook, one.steps.map(({ action }) => action)])).toEqual([
      ['service-restart', ['restart']],
      ['hung-process', ['restart']],
    ]);
  });

  test('who names one of which nothing fits has it run all the same', () => {
    const world = worldOf([ANY], [playbook('only-hung', [step('end-it', { when: ['hung'] })])]);
    expect(ask(world, { force: true, playbook: 'only-hung' })).toBe('yes');
    expect(world.times('attempt web end-it')).toHaveLength(1);
  });

  test('may run their own playbook where nothing may be done by itself', () => {
    const base = servicePlan({ web: { noStart: true } });
    const world = new VirtualWorld(withPlaybooks(base, 'web', [], [BY_HAND])).boot().pass(60);
    expect(ask(world, { force: true })).toContain('no start command is known');
    expect(ask(world, { force: true, playbook: 'mine' })).toBe('yes');
  });

  test('who holds it meanwhile stops what was asked for without force', () => {
    const world = worldOf([playbook('tries', [step('try', { retries: 3, backoffMs: 30_000 })])]);
    world.actions['try'] = () => ({ outcome: 'failed', did: [] });
    world.service('web').condition = 'failing';
    world.pass(60);
    expect(ask(world, {})).toBe('yes');
    world.pass(10);
    world.send({
      type: 'asked',
      request: 1,
      by: 'bob',
      wish: { type: 'hold', scope: 'web', forMs: 60_000, reason: 'mine', silent: false },
    });
    expect(attempts(world)).toMatchObject([{ outcome: 'stopped', forced: false }]);
  });
});
