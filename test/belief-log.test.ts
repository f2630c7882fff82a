import { describe, expect, it } from 'vitest';
import { createBeliefLog } from '../src/belief-log.ts';
import type { HistoryPoint } from '../src/store/history-slots.ts';
import { servicePlan, UNHURRIED, valuePlan } from './helpers/plans.ts';
import { VirtualWorld } from './helpers/virtual-world.ts';

const BEGAN = Date.parse('2026-03-01T12:00:00Z');

/** A world whose beliefs are kept; `told` gives seconds since the story began, and what was kept then. */
function kept(world: VirtualWorld) {
  const points: HistoryPoint[] = [];
  const log = createBeliefLog({
    append: (point) => points.push(point),
    world: () => world.world,
    plan: () => world.plan,
  });
  const now = () => ({ at: world.now + world.wallShift, steady: world.now });
  world.onEffects = () => log.changed(now());
  const told = () => points.map(({ at, status }) => `${Math.round((at - BEGAN) / 100) / 10} ${status}`);
  return {
    log,
    now,
    points,
    told,
    pass: (seconds: number) => {
      for (let n = 0; n < seconds; n += 1) {
        world.pass(1);
        log.tick(now());
      }
      return points.splice(0).map(({ at, status }) => `${Math.round((at - BEGAN) / 1000)} ${status}`);
    },
  };
}

describe('what is kept of a target', () => {
  it('is once a minute that it is well', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    const story = kept(world);
    world.boot();
    expect(story.pass(180)).toEqual(['0 ok', '1 ok', '61 ok', '121 ok']);
    expect(story.points).toEqual([]);
  });

  it('is nothing of a failed look that was never confirmed', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    const story = kept(world);
    world.boot();
    story.pass(60);
    world.service('web').condition = 'hung';
    story.pass(50);
    world.service('web').condition = 'up';
    expect(story.pass(200).every((line) => line.endsWith(' ok'))).toBe(true);
  });

  it('is a trouble from its first failed look on, and its end', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true } }));
    const story = kept(world);
    world.boot();
    story.pass(95);
    world.service('web').condition = 'hung';
    const down = story.pass(120).filter((line) => line.endsWith('critical'))[0];
    // The looks come every ten seconds; that it is hung was believed a minute later.
    expect(Number(down?.split(' ')[0])).toBeGreaterThanOrEqual(95);
    expect(Number(down?.split(' ')[0])).toBeLessThanOrEqual(106);
    world.service('web').condition = 'up';
    expect(story.pass(30).map((line) => line.split(' ')[1])).toEqual(['ok', 'ok']);
  });

  it('is now when the clock was set back meanwhile', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: true } }));
    const story = kept(world);
    world.boot();
    story.pass(10);
    world.wallShift -= 7_200_000;
    world.service('web').condition = 'dead';
    const [down] = story.pass(5);
    expect(down).toMatch(/^-71(8|9)\d critical$/);
  });

  it('is the half second in which it was started anew', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    const story = kept(world);
    world.boot();
    story.pass(70);
    world.service('web').condition = 'dead';
    world.pass(5);
    const [down, up] = story.points.splice(0);
    expect([down?.status, up?.status]).toEqual(['critical', 'ok']);
    expect((up?.at ?? 0) - (down?.at ?? 0)).toBeLessThan(500);
  });

  it('is a pause instead of what is believed, while a person holds it', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    const story = kept(world);
    world.boot();
    story.pass(10);
    const until = { at: world.now + world.wallShift + 100_000, steady: world.now + 100_000 };
    world.world = {
      ...world.world,
      state: {
        ...world.world.state,
        maintenance: [{ scope: 'web', until, reason: 'disk swap', by: 'ada', silent: false }],
      },
    };
    story.log.changed(story.now());
    world.service('web').condition = 'hung';
    expect(story.pass(60)).toEqual(['10 paused', '61 paused']);
    world.service('web').condition = 'up';
    expect(story.pass(70)).toEqual(['121 ok']);
  });

  it('is nothing until it was looked at in this life, whatever is believed from the last one', () => {
    const world = new VirtualWorld(valuePlan('disk', { noStart: true }));
    world.values['disk'] = { percent: 99, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(900);
    const story = kept(world);
    world.world = { ...world.world, latest: {} };
    story.log.tick(story.now());
    expect(story.points).toEqual([]);
    world.pass(60);
    story.log.tick(story.now());
    // The trouble is older, and nobody knows whether it lasted all the time.
    expect(story.points).toMatchObject([{ check: '@disk', status: 'critical', at: story.now().at }]);
  });

  it('ends when the daemon does', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    const story = kept(world);
    world.boot();
    story.pass(10);
    story.log.end(BEGAN + 10_000);
    expect(story.points).toMatchObject([{ check: '@web', at: BEGAN + 10_000, status: 'idle' }]);
  });
});
