import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { servicePlan } from '../helpers/plans.ts';
import { runs } from '../helpers/runs.ts';
import { type Condition, VirtualWorld } from '../helpers/virtual-world.ts';

const HOUR = 3_600;
const RUNS = runs(6);
const SLOW = { processEveryMs: 4_000 };
const SERVICES = { a: SLOW, b: SLOW, c: { ...SLOW, parents: ['a'] } };
/** Process numbers of what a person started. */
const BY_HAND = 100_000;
type Deed =
  | { readonly do: 'become'; readonly service: 'a' | 'b' | 'c'; readonly condition: Condition }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'crash' }
  | { readonly do: 'set-clock'; readonly byMs: number }
  | { readonly do: 'edit-config'; readonly service: 'a' | 'b' | 'c' }
  | { readonly do: 'start-by-hand'; readonly service: 'a' | 'b' | 'c'; readonly seconds: number }
  | { readonly do: 'loop'; readonly service: 'a' | 'b' | 'c'; readonly everyS: number }
  | { readonly do: 'starts-fail'; readonly service: 'a' | 'b' | 'c'; readonly fail: boolean };

const service = fc.constantFrom('a' as const, 'b' as const, 'c' as const);
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('become' as const),
        service,
        condition: fc.constantFrom<Condition>('dead', 'dead', 'hung', 'up', 'failing', 'blind', 'unmatched'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 900 }) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set-clock' as const),
        byMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('edit-config' as const), service }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('start-by-hand' as const),
        service,
        seconds: fc.integer({ min: 1, max: 50 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('loop' as const), service, everyS: fc.integer({ min: 1, max: 50 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('starts-fail' as const), service, fail: fc.boolean() }) },
  ),
  { minLength: 5, maxLength: 20 },
);

/** Lives through the deeds and writes down when each attempt was begun. */
function live(list: readonly Deed[]): {
  world: VirtualWorld;
  attempts: { service: string; t: number }[];
  wrong: readonly string[];
} {
  const world = new VirtualWorld(servicePlan(SERVICES)).boot().pass(60);
  const wrong: string[] = [];
  let byHand = BY_HAND;
  world.onEffects = (effects) => {
    for (const effect of effects) {
      if (effect.type !== 'run' || effect.purpose.kind !== 'attempt') continue;
      const { condition, pid } = world.service(effect.target);
      const { tracked } = world.world.state.targets[effect.target] ?? {};
      if (condition === 'unmatched' && tracked === undefined) wrong.push(`${effect.target} answers, though unmatched`);
      const seen = ['process', 'http'].map((name) => world.world.latest[`${effect.target}:${name}`]?.status);
      if (seen.every((status) => status === 'ok' || status === undefined)) wrong.push(`${effect.target} was seen well`);
      if (condition === 'booting' && pid >= BY_HAND && tracked?.pid === pid) wrong.push(`${effect.target} is starting`);
    }
  };
  for (const deed of list) {
    switch (deed.do) {
      case 'become':
        world.service(deed.service).condition = deed.condition;
        break;
      case 'pass':
        world.pass(deed.seconds);
        break;
      case 'crash':
        world.boot();
        break;
      case 'edit-config': {
        const { [deed.service]: _out, ...left } = SERVICES;
        world.plan = servicePlan(left);
        world.send({ type: 'plan-changed' });
        world.pass(1);
        world.plan = servicePlan(SERVICES);
        world.boot();
        break;
      }
      case 'start-by-hand': {
        const bornAt = world.now + deed.seconds * 1_000;
        Object.assign(world.service(deed.service), { condition: 'booting', pid: byHand++, bornAt });
        break;
      }
      case 'loop':
        for (let i = 0; i < 8; i++) {
          world.replaced(deed.service, i % 2 === 0 ? 'booting' : 'up', byHand++);
          world.pass(deed.everyS);
        }
        break;
      case 'set-clock':
        world.wallShift += deed.byMs;
        break;
      case 'starts-fail':
        world.service(deed.service).start = deed.fail ? () => ({ exit: 1 }) : () => 'up';
        break;
    }
  }
  const attempts = world.lines
    .filter((line) => line.what.startsWith('attempt '))
    .map((line) => ({ service: line.what.split(' ')[1] ?? '', t: line.t }));
  return { world, attempts, wrong };
}

/** The most starts that fall into any window of this length. */
function most(times: readonly number[], seconds: number): number {
  return Math.max(0, ...times.map((start) => times.filter((t) => t >= start && t < start + seconds).length));
}

describe('whatever happens to services, the daemon and the wall clock', () => {
  test('the limits hold: cooldown, attempts an hour, attempts on the host', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { attempts } = live(list);
        for (const name of ['a', 'b', 'c']) {
          const times = attempts.filter((one) => one.service === name).map((one) => one.t);
          expect(most(times, HOUR - 0.1)).toBeLessThanOrEqual(3);
          expect(most(times, 299.9)).toBeLessThanOrEqual(1);
        }
        expect(
          most(
            attempts.map((one) => one.t),
            599.9,
          ),
        ).toBeLessThanOrEqual(6);
      }),
      { numRuns: RUNS },
    );
  });

  test('nothing is ended that was last seen well, or that a person has just started', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        expect(live(list).wrong).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('nothing is done to what could not be seen, to what answers with errors, or while a clock is set', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const harmless = list.filter((deed) => deed.do !== 'become' || !['dead', 'hung'].includes(deed.condition));
        expect(live(harmless).attempts).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('an alert that opened an incident is told once, and once that it is over', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { world } = live(list);
        const kinds = new Map<string, string[]>();
        for (const alert of world.alerts) kinds.set(alert.incident, [...(kinds.get(alert.incident) ?? []), alert.kind]);
        for (const [, told] of kinds) {
          for (const once of ['opened', 'escalated', 'failed', 'resolved'])
            expect(told.filter((kind) => kind === once).length).toBeLessThanOrEqual(1);
          if (told.includes('resolved')) expect(told.at(-1)).toBe('resolved');
        }
        expect(new Set(world.alerts.map((alert) => alert.id)).size).toBe(world.alerts.length);
      }),
      { numRuns: RUNS },
    );
  });

  test('every healthy service comes to rest: no incident stays open, no attempt stays running', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const { world } = live(list);
        for (const name of ['a', 'b', 'c']) {
          world.service(name).start = () => 'up';
          if (world.service(name).condition !== 'dead') world.service(name).condition = 'up';
        }
        world.pass(3 * HOUR);
        for (const name of ['a', 'b', 'c']) {
          const target = world.world.state.targets[name];
          expect(target?.incident).toBeUndefined();
          expect(target?.attempts.every((attempt) => attempt.phase === 'ended')).toBe(true);
        }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });
});
