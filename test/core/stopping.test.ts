import { describe, expect, test } from 'vitest';
import { servicePlan, valuePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const ran = (world: VirtualWorld): string[] => world.story().filter((line) => /^(attempt|bring-up|inform) /.test(line));

describe('a daemon that is stopping begins nothing new', () => {
  test('not by the answer of a survey', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.surveyMs = 1_000;
    world.service('web').condition = 'dead';
    world.pass(0.9);
    world.send({ type: 'stopping' });
    world.pass(60);
    expect(ran(world)).toEqual([]);
    expect(world.world.state.targets['web']?.attempts).toEqual([]);
    expect(world.world.state.targets['web']?.rulings[0]?.text).toContain('the daemon is stopping');
  });

  test('not by bringing up what is down', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.surveyMs = 1_000;
    world.service('web').condition = 'dead';
    world.boot().pass(0.5);
    world.send({ type: 'stopping' });
    world.pass(60);
    expect(ran(world)).toEqual([]);
  });

  test('not when a person asks for it: they are told why', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.send({ type: 'stopping' });
    const wish = { type: 'recover', target: 'web', playbook: undefined, force: true } as const;
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    expect(world.lines.at(-1)?.what).toBe('no: web is not recovered now: the daemon is stopping.');
  });

  test('not a report either', () => {
    const world = new VirtualWorld(valuePlan('memory', { informs: true }));
    world.values['memory'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(200);
    world.send({ type: 'stopping' });
    world.pass(600);
    expect(ran(world)).toEqual([]);
  });

  test('the step under way comes to its end, is written down, and the next one is not begun', () => {
    const base = servicePlan({ web: {} });
    const world = new VirtualWorld(withLadder(base, 'web', [{}, { action: 'stronger' }])).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    world.pass(0.265);
    expect(ran(world)).toEqual(['attempt web restart-service']);
    world.send({ type: 'stopping' });
    world.pass(60);
    expect(ran(world)).toEqual(['attempt web restart-service']);
    expect(world.world.state.targets['web']?.attempts).toMatchObject([
      { phase: 'ended', outcome: 'interrupted', did: ['Started it'] },
    ]);
  });

  test('the next daemon goes on', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.send({ type: 'stopping' });
    world.service('web').condition = 'dead';
    world.pass(60);
    world.boot().pass(60);
    expect(world.world.state.targets['web']?.incident).toBeUndefined();
    expect(ran(world)).toHaveLength(1);
  });
});
