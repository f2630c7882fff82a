import { describe, expect, test } from 'vitest';
import type { CheckPlan, Plan, Step } from '../../src/core/plan.ts';
import { servicePlan, valuePlan, withLadder } from '../helpers/plans.ts';
import { type Condition, VirtualWorld } from '../helpers/virtual-world.ts';

const BASE = servicePlan({ web: { policy: { startGraceMs: 10_000 }, processEveryMs: 1_000 } });

function worldOf(steps: readonly Partial<Step>[], base: Plan = BASE): VirtualWorld {
  const world = new VirtualWorld(withLadder(base, 'web', steps)).boot().pass(60);
  world.service('web').condition = 'dead';
  return world;
}

const last = (world: VirtualWorld) => world.world.state.targets['web']?.attempts.at(-1);
/** What HTTP says, by the seconds since the service was started last. */
function http(world: VirtualWorld, says: (seconds: number) => Condition | undefined): void {
  let began: number | undefined;
  world.service('web').start = () => {
    began = world.t;
    return 'up';
  };
  world.says = (check: CheckPlan) => (check.name === 'http' && began !== undefined ? says(world.t - began) : undefined);
}

describe('a step that asks for a number of good looks', () => {
  test('is proven by them, at the distance that it asks for', () => {
    const world = worldOf([{ verify: { checks: ['web:http'], goods: 3, everyMs: 2_000 } }]);
    world.pass(20);
    expect(last(world)).toMatchObject({ outcome: 'recovered', steps: [{ verified: true }] });
    const { started, ended } = last(world) ?? {};
    expect(Math.round(((ended?.steady ?? 0) - (started?.steady ?? 0)) / 1_000)).toBe(4);
  });

  test('counts them in a row: a bad one between them begins anew', () => {
    const world = worldOf([{ verify: { checks: ['web:http'], goods: 3, everyMs: 1_000 } }]);
    http(world, (seconds) => (seconds > 1.5 && seconds < 2.5 ? 'failing' : 'up'));
    world.pass(3);
    expect(last(world)?.phase).toBe('verifying');
    world.pass(6);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('is refuted when they do not come in time, and the start is over', () => {
    const verify = { checks: ['web:http'], goods: 5, everyMs: 1_000, withinMs: 20_000 } as const;
    const world = worldOf([{ verify }, { action: 'stronger' }]);
    http(world, (seconds) => (seconds % 3 < 1 ? 'failing' : 'up'));
    world.pass(19);
    expect(last(world)?.phase).toBe('verifying');
    world.pass(10);
    expect(last(world)?.steps[0]).toMatchObject({ verified: false });
  });

  test('is not proven by the named check while another one is believed bad', () => {
    const world = worldOf([{ verify: { checks: ['web:process'], goods: 1 } }]);
    world.service('web').condition = 'hung';
    world.service('web').start = () => {
      world.says = (check) => (check.name === 'http' ? 'hung' : undefined);
      return 'up';
    };
    world.pass(200);
    expect(last(world)).toMatchObject({ outcome: 'not-recovered' });
  });

  test('is proven as ever where its check has left the config', () => {
    const world = worldOf([{ verify: { checks: ['web:gone'], goods: 2 } }]);
    expect(last(world.pass(20))).toMatchObject({ outcome: 'recovered' });
  });
});

describe('the time within which a step must prove itself', () => {
  test('never cuts a start short: it is not begun anew while it boots', () => {
    const world = worldOf([{ retries: 3, backoffMs: 1_000, verify: { withinMs: 2_000 } }], servicePlan({ web: {} }));
    world.service('web').start = () => ({ bootMs: 40_000 });
    world.pass(60);
    expect(world.times('attempt web restart-service')).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('may be longer than a start takes', () => {
    const world = worldOf([{ verify: { withinMs: 45_000 } }]);
    world.service('web').start = () => ({ bootMs: 30_000 });
    world.pass(60);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('is all there is after an action that has started nothing', () => {
    const world = worldOf([{ action: 'nudge', verify: { withinMs: 5_000 } }, {}]);
    world.actions['nudge'] = () => {
      const process = world.world.state.targets['web']?.tracked ?? expect.fail('nothing is followed');
      return { outcome: 'done', did: ['Nudged it'], process };
    };
    world.service('web').condition = 'hung';
    world.pass(110);
    const [nudge] = world.times('attempt web nudge');
    const [restart] = world.times('attempt web restart-service');
    expect(Math.round((restart ?? 0) - (nudge ?? 0))).toBeLessThan(20);
    expect(last(world)?.steps).toMatchObject([
      { action: 'nudge', verified: false },
      { action: 'restart-service', verified: true },
    ]);
    expect(last(world)?.steps[0]?.trouble).toContain('It was not well within');
  });

  test('lets a value fall for a while', () => {
    const base = valuePlan('disk', { check: { forMs: 60_000, everyMs: 5_000 } });
    const world = new VirtualWorld(withLadder(base, 'disk', [{ verify: { withinMs: 60_000 } }]));
    world.values['disk'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.actions['clean-disk'] = () => ({ outcome: 'done', did: ['Cleaned'] });
    world.boot().pass(90);
    world.values['disk'].percent = 50;
    world.pass(30);
    expect(world.world.state.targets['disk']?.attempts).toMatchObject([{ outcome: 'recovered' }]);
  });
});

describe('a step that only prepares', () => {
  test('is followed by the next one at once, which is what is proven', () => {
    const world = worldOf([{ action: 'prepare', verify: 'none' }, {}]);
    world.actions['prepare'] = () => ({ outcome: 'done', did: ['Prepared'] });
    world.pass(3);
    const [prepare = 0] = world.times('attempt web prepare');
    const [restart = 0] = world.times('attempt web restart-service');
    expect(restart - prepare).toBeLessThan(0.5);
    expect(last(world)).toMatchObject({
      outcome: 'recovered',
      did: ['Prepared', 'Started it'],
      steps: [
        { step: 0, result: 'done', verified: undefined },
        { step: 1, result: 'done', verified: true },
      ],
    });
  });

  test('and fails is tried again as it asks, and then the next one has its turn', () => {
    const world = worldOf([{ action: 'prepare', verify: 'none', retries: 1, backoffMs: 5_000 }, {}]);
    const trouble = { code: 'EXEC_FAILED', message: 'exit 3', hint: '' };
    world.actions['prepare'] = () => ({ outcome: 'failed', did: [], trouble });
    world.pass(20);
    expect(world.times('attempt web prepare')).toHaveLength(2);
    expect(world.times('attempt web restart-service')).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('and is the last is proven as any other', () => {
    const world = worldOf([{ verify: 'none' }]);
    expect(last(world.pass(20))).toMatchObject({ outcome: 'recovered', steps: [{ verified: true }] });
  });
});
