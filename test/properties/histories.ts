import fc from 'fast-check';
import type { Event, Wish } from '../../src/core/events.ts';
import type { Plan, Playbook, Step } from '../../src/core/plan.ts';
import { ONCE, playbook, servicePlan, withPlaybooks } from '../helpers/plans.ts';
import { type Condition, type Start, StridingHost } from './host.ts';

export type Deed =
  | { readonly do: 'become'; readonly target: number; readonly condition: Condition; readonly start: Start }
  | { readonly do: 'pass'; readonly strides: number; readonly ms: number }
  | { readonly do: 'crash'; readonly inEvents: number; readonly after: number }
  | { readonly do: 'set-clock' | 'sleep'; readonly ms: number }
  | { readonly do: 'work'; readonly target: number; readonly isOn: boolean }
  | { readonly do: 'edit' | 'leave'; readonly target: number }
  | { readonly do: 'strange'; readonly target: number; readonly which: number }
  | {
      readonly do: 'wish';
      readonly wish: Wish['type'];
      readonly target: number;
      readonly ms: number;
      readonly yes: boolean;
    };

export type Sketch = {
  readonly targets: number;
  readonly parents: readonly number[];
  readonly steps: readonly Pick<Step, 'retries' | 'backoffMs' | 'verify'>[];
  readonly sloMs: number;
  readonly cooldownMs: number;
  readonly perHour: number;
  readonly hostAttempts: number;
  readonly maxConcurrent: number;
  readonly bringUp: boolean;
  readonly observed: number;
  /** How the first trouble begins: without one most histories would be of peace. */
  readonly first: { readonly condition: Condition; readonly start: Start };
};

const target = fc.nat({ max: 5 });
const become = fc.record({
  do: fc.constant('become' as const),
  target,
  condition: fc.constantFrom<Condition>('dead', 'dead', 'dead', 'hung', 'up', 'failing', 'blind', 'foreign', 'limited'),
  start: fc.constantFrom<Start>('up', 'up', 'boots', 'leaves', 'refuses', 'exits', 'exits', 'exits-78'),
});
const pass = fc.record({
  do: fc.constant('pass' as const),
  strides: fc.integer({ min: 1, max: 6 }),
  ms: fc.constantFrom(250, 2_000, 10_000, 10_000, 31_000, 300_000, 1_300_000),
});

export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: become },
    { weight: 8, arbitrary: pass },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('crash' as const),
        inEvents: fc.nat({ max: 25 }),
        after: fc.integer({ min: -1, max: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('set-clock' as const),
        ms: fc.integer({ min: -86_400_000, max: 86_400_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(40_000, 600_000, 7_200_000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('work' as const), target, isOn: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'leave' as const), target }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('strange' as const), target, which: fc.nat({ max: 6 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('wish' as const),
        wish: fc.constantFrom<Wish['type']>(
          'recover',
          'recover',
          'hold',
          'release',
          'silence',
          'unsilence',
          'ack',
          'stop-incident',
        ),
        target,
        ms: fc.constantFrom(5_000, 120_000, 3_600_000),
        yes: fc.boolean(),
      }),
    },
  ),
  { minLength: 5, maxLength: 16 },
);

export const sketches: fc.Arbitrary<Sketch> = fc.record({
  targets: fc.constantFrom(1, 1, 2, 2, 3, 6),
  parents: fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 6 }),
  steps: fc.array(
    fc.record({
      retries: fc.constantFrom(0, 0, 1, 3),
      backoffMs: fc.constantFrom(0, 5_000, 30_000, 300_000),
      verify: fc.constantFrom<Step['verify']>({}, {}, 'none', { goods: 2, everyMs: 1_000 }, { withinMs: 5_000 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  sloMs: fc.constantFrom(10_000, 120_000, 1_800_000),
  cooldownMs: fc.constantFrom(30_000, 300_000),
  perHour: fc.constantFrom(1, 3, 5),
  hostAttempts: fc.constantFrom(2, 4, 6),
  maxConcurrent: fc.constantFrom(1, 2),
  bringUp: fc.boolean(),
  observed: fc.nat({ max: 20 }),
  first: fc.record({
    condition: fc.constantFrom<Condition>('dead', 'dead', 'hung', 'up'),
    start: fc.constantFrom<Start>('up', 'boots', 'leaves', 'exits', 'exits'),
  }),
});

const nameOf = (index: number): string => `t${index}`;

function planOf(sketch: Sketch, edits = '', without = -1): Plan {
  const steps = sketch.steps.map(
    (over, index): Step => ({
      action: `step-${index}`,
      options: {},
      timeoutMs: 60_000,
      recovers: true,
      ...ONCE,
      ...over,
    }),
  );
  const mine: Playbook = playbook('mine', steps, { sloMs: sketch.sloMs });
  const indexes = Array.from({ length: sketch.targets }, (_, index) => index).filter((index) => index !== without);
  const policy = { cooldownMs: sketch.cooldownMs, maxAttemptsPerHour: sketch.perHour };
  const services = indexes.map((index) => {
    const parent = (sketch.parents[index] ?? 0) % (index + 1);
    const parents = parent < index && parent !== without ? [nameOf(parent)] : [];
    const mode = index === sketch.observed ? ('observe' as const) : ('act' as const);
    return [nameOf(index), { parents, policy, mode, fingerprint: `1${edits}` }] as const;
  });
  const base = servicePlan(Object.fromEntries(services));
  const limits = { ...base.limits, hostAttempts: sketch.hostAttempts, maxConcurrent: sketch.maxConcurrent };
  const plan = indexes.reduce((before, index) => withPlaybooks(before, nameOf(index), [mine]), { ...base, limits });
  const targets = Object.entries(plan.targets).map(([id, one]) => [id, { ...one, bringUp: sketch.bringUp }] as const);
  return { ...plan, targets: Object.fromEntries(targets) };
}

/** Lives through the deeds of a random history; gives back the host and all that it wrote down. */
export function live(sketch: Sketch, list: readonly Deed[], judged?: StridingHost['judged']): StridingHost {
  const host = new StridingHost(planOf(sketch));
  if (judged !== undefined) host.judged = judged;
  host.boot();
  host.stride(7, 10_000);
  for (const [id, service] of host.services) if (id !== nameOf(3)) Object.assign(service, sketch.first);
  host.stride(3, 10_000);
  let edits = '';
  for (const deed of list) {
    switch (deed.do) {
      case 'become':
        Object.assign(host.services.get(nameOf(deed.target % sketch.targets)) ?? {}, {
          condition: deed.condition,
          start: deed.start,
        });
        break;
      case 'pass':
        host.stride(deed.strides, deed.ms);
        break;
      case 'crash':
        host.crash = { inEvents: deed.inEvents, after: deed.after < 0 ? 'nothing' : deed.after };
        break;
      case 'set-clock':
        host.wall += deed.ms;
        break;
      case 'sleep':
        host.sleep(deed.ms);
        break;
      case 'work':
        if (deed.isOn) host.work.add(nameOf(deed.target));
        else host.work.delete(nameOf(deed.target));
        break;
      case 'edit':
      case 'leave': {
        edits += deed.do === 'edit' ? 'x' : '';
        if (deed.do === 'leave') {
          host.plan = planOf(sketch, edits, deed.target % sketch.targets);
          host.send({ type: 'plan-changed' });
          host.stride(1, 2_000);
        }
        host.plan = planOf(sketch, edits);
        host.send({ type: 'plan-changed' });
        break;
      }
      case 'strange':
        host.send(strange(host, nameOf(deed.target), deed.which));
        break;
      case 'wish':
        host.ask(wishOf(host, deed));
        break;
    }
  }
  return host;
}

/** Events that come late, twice, or of what is not there. */
function strange(host: StridingHost, id: string, which: number): Event {
  const last = host.world.latest[`${id}:http`];
  const now = host.world.state.targets[id]?.attempts.at(-1)?.id;
  const attempt = host.acts.findLast((act) => act.attempt !== now)?.attempt ?? '999';
  const stranger = { outcome: 'done', did: ['Started it'] } as const;
  switch (which) {
    case 0:
      return { type: 'stepped', target: id, purpose: { kind: 'attempt', attempt }, outcome: stranger };
    case 1:
      return {
        type: 'stepped',
        target: 'nobody',
        purpose: { kind: 'bring-up' },
        outcome: { outcome: 'failed', did: [] },
      };
    case 2:
      return { type: 'surveyed', target: 'nobody', found: [] };
    case 3:
      return { type: 'exited', target: id, exitCode: 1, signal: undefined, lastLines: ['no'] };
    case 4:
      return { type: 'alert-queued', id: 'a999' };
    case 5:
      return last === undefined ? { type: 'upkeep' } : { type: 'looked', result: last };
    default:
      return { type: 'exited', target: 'nobody', exitCode: undefined, signal: 'SIGKILL', lastLines: [] };
  }
}

function wishOf(host: StridingHost, { wish, target: index, ms, yes }: Extract<Deed, { do: 'wish' }>): Wish {
  const scope = index === 5 ? 'all' : nameOf(index);
  const incident = String(Math.max(1, host.world.state.lastIncident - (yes ? 0 : 1)));
  switch (wish) {
    case 'recover':
      return { type: wish, target: scope, playbook: undefined, force: yes };
    case 'hold':
      return { type: wish, scope, forMs: ms, reason: 'mine', silent: yes };
    case 'silence':
      return { type: wish, scope, forMs: ms };
    case 'ack':
    case 'stop-incident':
      return { type: wish, incident };
    default:
      return { type: wish, scope };
  }
}
