import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const started = (world: VirtualWorld): string[] => world.story().filter((line) => line.includes('restart-service'));
const open = (world: VirtualWorld) => world.world.state.incidents[world.world.state.targets['web']?.incident ?? ''];

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

/** `match` fits no process, although the service runs and answers. */
function wrongMatch(policy: { recoverOn?: 'failing'[] } = {}): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: { policy } }));
  world.service('web').condition = 'unmatched';
  return world.boot().pass(60);
}

describe('a service that answers although no process matches its config', () => {
  test('is not started a second time; it is told what is to be corrected', () => {
    const world = wrongMatch().pass(900);
    expect(started(world)).toEqual([]);
    expect(open(world)).toMatchObject({ severity: 'warning', reason: 'unmatched' });
    expect(world.alerts[0]?.title).toBe('web answers, but no process matches its config');
    expect(world.alerts[0]?.evidence.join()).toContain('its address answers, but');
    expect(world.alerts[0]?.doThis).toContain('match');
  });

  test('is not started by force either', () => {
    const world = wrongMatch();
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true })).toContain(
      'no: web is not recovered now',
    );
    expect(started(world)).toEqual([]);
  });

  test.each(['failing', 'hung', 'blind'] as const)('is not started while its address is %s', (condition) => {
    const world = wrongMatch({ recoverOn: ['failing'] });
    world.says = (check) => (check.name === 'process' ? 'unmatched' : condition);
    world.pass(600);
    expect(started(world)).toEqual([]);
  });

  test('is not started because one look found its port closed', () => {
    const world = wrongMatch().pass(900);
    world.says = (check) => (check.name === 'process' ? 'unmatched' : 'booting');
    world.pass(10.5);
    world.says = () => undefined;
    world.pass(60);
    expect(started(world)).toEqual([]);
  });

  test('is started when nothing accepts connections any more, and that is certain', () => {
    const world = wrongMatch();
    world.says = (check) => (check.name === 'process' ? 'unmatched' : 'booting');
    world.pass(30);
    expect(started(world)).toEqual([]);
    world.onEffects = (effects) => {
      if (effects.some((effect) => effect.type === 'run')) world.says = () => undefined;
    };
    world.pass(60);
    expect(started(world)).toHaveLength(1);
    expect(open(world)).toBeUndefined();
  });

  test('is started when a proxy says that nothing is behind its address', () => {
    const world = wrongMatch();
    world.says = (check) => (check.name === 'process' ? 'unmatched' : 'no-upstream');
    world.pass(60);
    expect(started(world).length).toBeGreaterThan(0);
  });

  test('is well again when the config is corrected', () => {
    const world = wrongMatch().pass(600);
    world.service('web').condition = 'up';
    world.plan = servicePlan({ web: { fingerprint: '2' } });
    world.send({ type: 'plan-changed' });
    world.pass(60);
    expect(open(world)).toBeUndefined();
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened', 'resolved']);
  });
});
