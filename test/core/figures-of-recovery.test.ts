import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/core/figures-of-recovery.ts';
import { reasonInTitle } from '../../src/core/incident.ts';
import { overview } from '../../src/core/overview.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { Incident } from '../../src/core/state.ts';
import { servicePlan, UNHURRIED, valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

const MINUTE = 60_000;

function seen({ world, plan, now, wallShift }: VirtualWorld): Snapshot {
  const at = now + wallShift;
  return overview(world, plan, calm(at), { at, steady: now });
}

function incidentsOf({ world }: VirtualWorld): readonly Incident[] {
  return Object.values(world.state.incidents);
}

/** A service that is killed, starts again at once, and is killed again after these seconds. */
function killed(...afterSeconds: readonly number[]): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
  for (const seconds of afterSeconds) {
    world.service('web').condition = 'dead';
    world.pass(seconds);
  }
  return world;
}

describe('the figures of recovery', () => {
  it('are absent where nothing ever failed', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    expect(figuresOf([])).toBeUndefined();
    expect(seen(world).recovery).toEqual({ state: 'active' });
    expect(seen(world).targets[0]).not.toHaveProperty('figures');
  });

  it('count what was healed, how fast, and since when', () => {
    const world = killed(1_200, 1_200, 1_200);
    const figures = figuresOf(incidentsOf(world));
    expect(figures).toMatchObject({ incidents: 3, recovered: 3, attempts: 3, helped: 3, neededPerson: 0 });
    expect(figures).toMatchObject({ falseRecoveries: 0, from: incidentsOf(world)[0]?.started.at });
    expect(figures?.medianMs).toBeLessThan(1_000);
    expect(seen(world).recovery?.figures).toEqual(figures);
    expect(seen(world).targets[0]?.figures).toEqual(figures);
  });

  it('are the mean and the median of the recovery times, of an even number the middle of two', () => {
    const [first] = incidentsOf(killed(1_200));
    if (first === undefined) throw new Error('no incident');
    const lasting = (ms: number, id: string): Incident => {
      return { ...first, id, ended: { at: first.started.at + ms, steady: first.started.steady + ms } };
    };
    const four = [60_000, 1_000, 9_000, 2_000].map((ms, index) => lasting(ms, String(index)));
    expect(figuresOf(four)).toMatchObject({ recovered: 4, medianMs: 5_500, meanMs: 18_000 });
    expect(figuresOf([{ ...first, ended: undefined }])).toMatchObject({ recovered: 0, falseRecoveries: 0 });
    expect(figuresOf(four.slice(1))).toMatchObject({ medianMs: 2_000, meanMs: 4_000 });
  });

  it('call a recovery false that fails again within ten minutes, and not one that lasts', () => {
    expect(figuresOf(incidentsOf(killed(540, 1_200)))?.falseRecoveries).toBe(1);
    expect(figuresOf(incidentsOf(killed(660, 1_200)))?.falseRecoveries).toBe(0);
  });

  it('call a recovery false that acted though a look from before it saw the target well', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').condition = 'hung';
    while (world.world.state.targets['web']?.attempts.length !== 1) world.pass(0.01);
    const [attempt] = world.world.state.targets['web'].attempts;
    const good = {
      ...world.world.latest['web:process'],
      check: 'web:http',
      look: 1e6,
      steady: attempt?.started.steady,
    };
    const late = world.world.latest['web:http'];
    if (late === undefined) throw new Error('no look');
    const { status, reason, message } = { status: 'ok', reason: 'fine', message: 'answers' } as const;
    const from = { steady: good.steady ?? 0, look: good.look, silent: false };
    world.send({ type: 'looked', result: { ...late, ...from, status, reason, message } });
    world.pass(1_200);
    expect(figuresOf(incidentsOf(world))).toMatchObject({ attempts: 1, falseRecoveries: 1 });
  });

  it('count attempts that did not help and the person who was needed, and keep them when the target forgets', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    const web = world.service('web');
    web.start = () => ({ exit: 1 });
    web.condition = 'dead';
    world.pass(1_500);
    expect(figuresOf(incidentsOf(world))).toMatchObject({ attempts: 3, helped: 0, neededPerson: 1, recovered: 0 });
    expect(seen(world).recovery?.state).toBe('degraded');
    web.condition = 'up';
    world.pass(60);
    expect(figuresOf(incidentsOf(world))).toMatchObject({ attempts: 3, helped: 0, neededPerson: 1, recovered: 1 });
    expect(seen(world).recovery?.state).toBe('active');
  });

  it('leave out what a person asked for', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, noStart: false } })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(60);
    world.send({
      type: 'asked',
      request: 1,
      by: 'cli',
      wish: { type: 'recover', target: 'web', playbook: undefined, force: false },
    });
    world.pass(600);
    expect(incidentsOf(world)[0]?.attempts).toMatchObject([{ manual: true, outcome: 'recovered', acts: 1 }]);
    expect(figuresOf(incidentsOf(world))).toMatchObject({ attempts: 0, recovered: 1, neededPerson: 1 });
  });
});

describe('the state of recovery on a host', () => {
  it('is recovering while an attempt awaits its proof, and active after it', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 20_000 });
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(seen(world).recovery?.state).toBe('recovering');
    world.pass(60);
    expect(seen(world).recovery?.state).toBe('active');
  });

  it('is recovering while something is brought up', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ bootMs: 20_000 });
    world.boot().pass(10);
    expect(seen(world).recovery?.state).toBe('recovering');
  });

  it('is degraded while something is down and nothing is under way, but for what a person holds', () => {
    const world = new VirtualWorld(servicePlan({ web: { ...UNHURRIED, mode: 'observe' } })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(seen(world).recovery?.state).toBe('degraded');
    const wish = { type: 'hold', scope: 'web', forMs: 60 * MINUTE, reason: 'mine', silent: false } as const;
    world.send({ type: 'asked', request: 1, by: 'cli', wish });
    expect(seen(world).recovery?.state).toBe('active');
  });

  it('is active while a value is over its warning limit', () => {
    const world = new VirtualWorld(valuePlan('memory', { noStart: true }));
    world.values['memory'] = { percent: 85, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(900);
    expect(Object.keys(world.world.state.incidents)).toHaveLength(1);
    expect(seen(world).recovery?.state).toBe('active');
  });

  it('is degraded while the limit of the host is reached', () => {
    const plan = servicePlan({ a: UNHURRIED, b: UNHURRIED });
    const world = new VirtualWorld({ ...plan, limits: { ...plan.limits, hostAttempts: 2 } }).boot().pass(60);
    for (const id of ['a', 'b']) {
      world.service(id).condition = 'dead';
      world.pass(60);
    }
    expect(seen(world).recovery?.state).toBe('degraded');
    world.pass(1_900);
    expect(seen(world).recovery?.state).toBe('active');
  });
});

describe('what an incident remembers of its attempts', () => {
  it('is the same of one that an older program began, which wrote down no tries', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 20_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    const { state } = world.world;
    const web = state.targets['web'];
    if (web === undefined) throw new Error('no web');
    const attempts = web.attempts.map((attempt) => ({ ...attempt, steps: [] }));
    world.world = { ...world.world, state: { ...state, targets: { web: { ...web, attempts } } } };
    world.pass(120);
    expect(incidentsOf(world)[0]?.attempts).toMatchObject([{ acts: 0, outcome: 'recovered' }]);
    expect(incidentsOf(world)[0]?.attempts?.[0]).not.toHaveProperty('result', 'done');
  });

  it('begins with the reason in its title, be there more text behind it', () => {
    expect(reasonInTitle('web', 'web answers with errors: status 500')).toBe('failing');
    expect(reasonInTitle('web', 'web answers slowly')).toBe('slow');
    expect(reasonInTitle('web', 'hub stopped running')).toBeUndefined();
  });
});
