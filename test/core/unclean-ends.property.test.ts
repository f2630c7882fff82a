import fc from 'fast-check';
import { expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { runs } from '../helpers/runs.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const MINUTE = 60_000;
const BUDGET = { most: 2, windowMs: 10 * MINUTE, patienceMs: 30 * MINUTE };
/** Nothing but the budget holds it back. */
const policy = { cooldownMs: 1_000, maxAttemptsPerHour: 1_000, uncleanEnds: BUDGET };
const eager = () =>
  servicePlan(
    { web: { policy, processEveryMs: 2_000, check: { hungAfterMs: 5_000, timeoutMs: 2_000 } } },
    { limits: { hostAttempts: 1_000, hostWindowMs: 600_000, breakerForMs: 1_000, maxConcurrent: 2 } },
  );

type Deed =
  | { readonly do: 'die' | 'hang' | 'crash-daemon' | 'replace' | 'leave-config' }
  | { readonly do: 'starts-fail'; readonly fail: boolean }
  | { readonly do: 'pass'; readonly seconds: number };

const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom('die' as const, 'hang' as const, 'replace' as const) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 1_200 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash-daemon' as const, 'leave-config' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('starts-fail' as const), fail: fc.boolean() }) },
  ),
  { minLength: 4, maxLength: 20 },
);

type Act = { readonly t: number; readonly ends: boolean };

/** Lives through the deeds; `ends` and `acts` are what really happened, by the host's own book. */
function live(list: readonly Deed[]) {
  const world = new VirtualWorld(eager()).boot().pass(60);
  const web = world.service('web');
  const ends: number[] = [];
  const acts: Act[] = [];
  let pid = 1_000;
  let fails = false;
  web.start = () => {
    if (fails) ends.push(world.t);
    return fails ? { exit: 1 } : 'up';
  };
  world.onEffects = (effects) => {
    for (const effect of effects) {
      if (effect.type !== 'run') continue;
      const isAlive = web.condition !== 'dead';
      // Somebody was quicker: the action sees another process and leaves it alone.
      if (isAlive && effect.tracked !== undefined && effect.tracked.pid !== web.pid) continue;
      acts.push({ t: world.t, ends: isAlive });
      if (isAlive) ends.push(world.t);
    }
  };
  for (const deed of list) {
    switch (deed.do) {
      case 'die':
        if (web.condition !== 'dead') ends.push(world.t);
        web.condition = 'dead';
        world.pass(20);
        break;
      case 'replace':
        if (web.condition !== 'dead') ends.push(world.t);
        world.replaced('web', 'up', pid++);
        world.pass(20);
        break;
      case 'hang':
        if (web.condition === 'up') web.condition = 'hung';
        world.pass(20);
        break;
      case 'crash-daemon':
        world.boot().pass(20);
        break;
      case 'leave-config':
        world.plan = servicePlan({});
        world.send({ type: 'plan-changed' });
        world.pass(1);
        world.plan = eager();
        world.boot().pass(20);
        break;
      case 'starts-fail':
        fails = deed.fail;
        break;
      case 'pass':
        world.pass(deed.seconds);
        break;
    }
  }
  world.pass(3_600);
  return { ends, acts };
}

test('whatever happens, no act exceeds the budget of unclean ends', () => {
  fc.assert(
    fc.property(deeds, (list) => {
      const { ends, acts } = live(list);
      for (const act of acts) {
        const before = ends.filter((t) => t < act.t && act.t - t < BUDGET.windowMs / 1_000 - 1).length;
        expect(before + (act.ends ? 1 : 0)).toBeLessThanOrEqual(BUDGET.most);
      }
    }),
    { numRuns: runs(6) },
  );
});

test('once there were more than it allows, nothing is done for half an hour', () => {
  const world = new VirtualWorld(eager()).boot().pass(60);
  const web = world.service('web');
  for (let i = 0; i < 3; i++) {
    web.condition = 'dead';
    world.pass(30);
  }
  world.pass(60);
  const acts = () => world.lines.filter(({ what }) => what.startsWith('attempt '));
  expect(acts()).toHaveLength(2);
  expect(world.alerts.map(({ kind }) => kind)).toEqual(['failed']);
  expect(world.alerts[0]?.body).toContain('left in peace');
  world.pass(1_650);
  expect(acts()).toHaveLength(2);
  world.pass(3_600);
  expect(acts()).toHaveLength(3);
  expect(world.world.state.targets['web']?.incident).toBeUndefined();
});
