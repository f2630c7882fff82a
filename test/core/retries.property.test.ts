import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import type { Plan, Playbook, Step } from '../../src/core/plan.ts';
import type { Effect } from '../../src/core/turn.ts';
import { ONCE, playbook, servicePlan, withPlaybooks } from '../helpers/plans.ts';
import { runs } from '../helpers/runs.ts';
import { type Condition, VirtualWorld } from '../helpers/virtual-world.ts';

const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];
type Deed =
  | { readonly do: 'become'; readonly service: Name; readonly condition: Condition }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'crash' | 'wake' | 'fix-starts' | 'break-starts' }
  | { readonly do: 'crash-at-effect'; readonly nth: number }
  | { readonly do: 'set-clock'; readonly byMs: number }
  | { readonly do: 'work'; readonly service: Name; readonly isOn: boolean }
  | { readonly do: 'wish'; readonly wish: Wish };

const service = fc.constantFrom(...NAMES);
const wish = fc.oneof(
  fc.record({
    type: fc.constant('recover' as const),
    target: service,
    playbook: fc.constantFrom(undefined, 'by-hand'),
    force: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('hold' as const),
    scope: service,
    forMs: fc.integer({ min: 1_000, max: 600_000 }),
    reason: fc.constant('mine'),
    silent: fc.boolean(),
  }),
  fc.record({ type: fc.constant('release' as const), scope: service }),
  fc.record({ type: fc.constant('stop-incident' as const), incident: fc.integer({ min: 1, max: 4 }).map(String) }),
);
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
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 120 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('crash', 'wake', 'fix-starts', 'break-starts') }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('crash-at-effect' as const), nth: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set-clock' as const),
        byMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('work' as const), service, isOn: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wish' as const), wish }) },
  ),
  { minLength: 8, maxLength: 24 },
);

const step = fc.record({
  retries: fc.constantFrom(0, 1, 3, 3),
  backoffMs: fc.constantFrom(0, 5_000, 30_000, 60_000),
  verify: fc.constantFrom<Step['verify']>({}, 'none', { goods: 2, everyMs: 1_000 }, { withinMs: 5_000 }),
  when: fc.constantFrom<Step['when'][]>(undefined, undefined, ['hung'], ['crashed']),
});
const books = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  sloMs: fc.constantFrom(10_000, 120_000, 1_800_000),
});

type Sketch = typeof books extends fc.Arbitrary<infer Value> ? Value : never;

function planOf({ steps, sloMs }: Sketch): Plan {
  const whole = steps.map(
    ({ when, ...over }, index): Step => ({
      action: `step-${index}`,
      options: {},
      timeoutMs: 60_000,
      recovers: true,
      ...ONCE,
      ...over,
      ...(when === undefined ? {} : { when }),
    }),
  );
  const mine: Playbook = playbook('mine', whole, { sloMs });
  const sketch = { processEveryMs: 4_000, policy: { startGraceMs: 10_000 } };
  const base = servicePlan({ a: sketch, b: sketch, c: { ...sketch, parents: ['a'] } });
  return NAMES.reduce((plan, name) => withPlaybooks(plan, name, [mine], [{ ...mine, name: 'by-hand' }]), base);
}

type Run = { readonly target: string; readonly attempt: string; readonly action: string; readonly t: number };

/** Most troubles begin with a service that is down and does not come up, or tries would be rare. */
const TROUBLE: readonly Deed[] = [
  { do: 'break-starts' },
  { do: 'become', service: 'a', condition: 'dead' },
  { do: 'become', service: 'b', condition: 'dead' },
  { do: 'pass', seconds: 20 },
];

/** Lives through the deeds; `wrong` are the runs that should not have been. */
function live(plan: Plan, list: readonly Deed[]) {
  const world = new VirtualWorld(plan).boot().pass(60);
  const began: Run[] = [];
  const wrong: string[] = [];
  const open = new Map<string, number>();
  const worksSince = new Map<string, number>();
  let crashAt = 0;
  const watch = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.type !== 'run' || effect.purpose.kind !== 'attempt') continue;
      const { target, purpose } = effect;
      const attempt = world.world.state.targets[target]?.attempts.at(-1);
      const manual = attempt?.manual === true;
      if ((open.get(target) ?? 0) > world.now) wrong.push(`${target}: two at once`);
      if (attempt?.slo !== undefined && world.now >= attempt.slo) wrong.push(`${target}: after its time objective`);
      if (attempt?.phase !== 'acting' || attempt.id !== purpose.attempt) wrong.push(`${target}: not written down`);
      const seen = ['process', 'http'].map((name) => world.world.latest[`${target}:${name}`]?.status);
      if (!manual && seen.every((status) => status === 'ok' || status === undefined))
        wrong.push(`${target}: seen well`);
      if (!manual && !seen.includes('critical')) wrong.push(`${target}: trouble not seen`);
      // What was asked is believed for five seconds.
      if (world.now - (worksSince.get(target) ?? world.now) > 5_100) wrong.push(`${target}: work on it`);
      const held = world.world.state.maintenance.some(
        ({ scope, until }) => scope === target && until.steady > world.now,
      );
      if (held && attempt?.forced !== true) wrong.push(`${target}: held`);
      open.set(target, world.now + 20);
      began.push({ target, attempt: purpose.attempt, action: effect.step.action, t: world.t });
      if (crashAt > 0 && --crashAt === 0) throw new Error('crash');
    }
  };
  world.onEffects = watch;
  /** False when the daemon crashed on the way. */
  const survives = (act: () => void): boolean => {
    try {
      act();
      return true;
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'crash') throw error;
      open.clear();
      world.boot();
      return false;
    }
  };
  const passing = (seconds: number): void => {
    const end = world.now + seconds * 1_000;
    while (!survives(() => world.pass(Math.max(0, (end - world.now) / 1_000)))) {}
  };
  for (const deed of list) {
    switch (deed.do) {
      case 'become':
        world.service(deed.service).condition = deed.condition;
        break;
      case 'pass':
        passing(deed.seconds);
        break;
      case 'crash':
        world.boot();
        open.clear();
        break;
      case 'crash-at-effect':
        crashAt = deed.nth;
        break;
      case 'wake':
        survives(() => world.send({ type: 'resumed', awayMs: 60_000 }));
        break;
      case 'fix-starts':
        for (const name of NAMES) world.service(name).start = () => 'up';
        break;
      case 'break-starts':
        for (const name of NAMES)
          world.service(name).start = (nth) => (nth % 2 === 0 ? { exit: 1 } : { bootMs: 3_600_000 });
        break;
      case 'set-clock':
        world.wallShift += deed.byMs;
        break;
      case 'work':
        world.work[deed.service] = deed.isOn ? ['npm install runs'] : [];
        if (!deed.isOn) worksSince.delete(deed.service);
        else if (!worksSince.has(deed.service)) worksSince.set(deed.service, world.now);
        break;
      case 'wish':
        world.onEffects = () => {};
        // As the daemon does it: a wish is granted only after the host was asked.
        if (deed.wish.type === 'recover') passing(0.1);
        world.onEffects = watch;
        if (deed.wish.type !== 'recover' || (world.work[deed.wish.target] ?? []).length === 0)
          survives(() => world.send({ type: 'asked', request: 1, by: 'ada', wish: deed.wish }));
        break;
    }
  }
  crashAt = 0;
  return { world, began, wrong };
}

/** The first run of each attempt that was made by itself. */
function attemptsOf(world: VirtualWorld, began: readonly Run[], target: string): number[] {
  const manual = new Set(
    (world.world.state.targets[target]?.attempts ?? []).filter((one) => one.manual).map(({ id }) => id),
  );
  const first = new Map<string, number>();
  for (const run of began) if (run.target === target && !first.has(run.attempt)) first.set(run.attempt, run.t);
  return [...first].filter(([id]) => !manual.has(id)).map(([, t]) => t);
}

function most(times: readonly number[], seconds: number): number {
  return Math.max(0, ...times.map((start) => times.filter((t) => t >= start && t < start + seconds).length));
}

test('whatever a playbook asks for and whatever happens, limits, holds and its own bounds are kept', () => {
  fc.assert(
    fc.property(books, deeds, (book, list) => {
      const plan = planOf(book);
      const { world, began, wrong } = live(plan, [...TROUBLE, ...list]);
      expect(wrong).toEqual([]);
      const most_ = book.steps.reduce((sum, { retries }) => sum + retries + 1, 0);
      for (const name of NAMES) {
        const times = attemptsOf(world, began, name);
        expect(most(times, 3_599.9)).toBeLessThanOrEqual(3);
        expect(most(times, 299.9)).toBeLessThanOrEqual(1);
        const runsOf = new Map<string, Run[]>();
        for (const run of began.filter(({ target }) => target === name))
          runsOf.set(run.attempt, [...(runsOf.get(run.attempt) ?? []), run]);
        for (const [, of] of runsOf) {
          expect(of.length).toBeLessThanOrEqual(most_);
          of.slice(1).forEach((run, index) => {
            const before = of[index];
            const { backoffMs } = book.steps[Number(run.action.slice(5))] ?? { backoffMs: 0 };
            if (before?.action === run.action) expect(run.t - before.t).toBeGreaterThanOrEqual(backoffMs / 1_000);
          });
        }
      }
    }),
    { numRuns: runs(8) },
  );
});

test('and it comes to rest: what is well again has no open incident, and nothing waits for a try', () => {
  fc.assert(
    fc.property(books, deeds, (book, list) => {
      const { world } = live(planOf(book), [...TROUBLE, ...list]);
      world.onEffects = () => {};
      for (const name of NAMES) {
        world.work[name] = [];
        world.service(name).start = () => 'up';
        world.service(name).condition = 'up';
      }
      world.pass(2 * 3_600);
      for (const name of NAMES) {
        const target = world.world.state.targets[name];
        expect(target?.incident).toBeUndefined();
        expect(target?.attempts.every(({ phase }) => phase === 'ended')).toBe(true);
      }
    }),
    { numRuns: runs(2) },
  );
});
