import { describe, expect, test } from 'vitest';
import { valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const attempt = (world: VirtualWorld) => world.world.state.targets['disk']?.attempts[0];
const trouble = (world: VirtualWorld) => world.world.state.incidents['1'];

/** A disk that was over its limit, and has just been cleaned. */
function cleaned(to: number, seesThen?: 'blind'): VirtualWorld {
  const world = new VirtualWorld(valuePlan('disk', { check: { forMs: 60_000 } }));
  world.values['disk'] = { percent: 85, warning: 80, critical: 90, clear: 75 };
  world.cleansTo = to;
  world.says = () => (attempt(world) === undefined ? undefined : seesThen);
  world.boot();
  for (let i = 0; i < 300 && attempt(world) === undefined; i++) world.pass(1);
  return world.pass(2);
}

describe('a cleaning', () => {
  test('that brings a value under its limit and not to where it clears did not help, by the very next look', () => {
    const world = cleaned(78);
    expect(attempt(world)).toMatchObject({ phase: 'ended', outcome: 'not-recovered' });
    expect(trouble(world)?.steps.map((step) => step.text)).toContain('It did not help: disk:value fine');
  });

  test('is not said to have failed because one look could not be made', () => {
    const world = cleaned(50, 'blind');
    expect(attempt(world)).toMatchObject({ phase: 'verifying' });
    world.says = () => undefined;
    world.pass(70);
    expect(attempt(world)).toMatchObject({ outcome: 'recovered' });
  });
});

test('a value far over its critical limit is a warning until it has been so for its time', () => {
  const world = new VirtualWorld(valuePlan('disk', { check: { forMs: 300_000 }, noStart: true }));
  world.values['disk'] = { percent: 85, warning: 80, critical: 90, clear: 75 };
  world.boot().pass(280);
  world.values['disk'] = { percent: 97, warning: 80, critical: 90, clear: 75 };
  world.pass(120);
  expect(trouble(world)?.severity).toBe('warning');
  world.pass(300);
  expect(trouble(world)?.severity).toBe('critical');
});
