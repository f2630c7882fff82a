import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import { servicePlan, UNHURRIED, valuePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const RECOVER = { type: 'recover', target: 'web', playbook: undefined, force: false } as const;

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

const attempts = (world: VirtualWorld) => world.world.state.targets['web']?.attempts ?? [];
const incident = (world: VirtualWorld) => Object.values(world.world.state.incidents).at(-1);

function ladder(steps: readonly Partial<Step>[], over: Partial<Plan> = {}): Plan {
  const plan = servicePlan({ web: { policy: { startGraceMs: 10_000 } } }, over);
  return withLadder(plan, 'web', steps);
}

describe('what is acted upon', () => {
  test('is never what cannot be seen, whatever its policy asks for', () => {
    const plan = servicePlan({ web: { ...UNHURRIED, policy: { recoverOn: ['cannot-look'] } } });
    const world = new VirtualWorld(plan).boot().pass(60);
    world.service('web').condition = 'blind';
    world.pass(900);
    expect(world.world.state.targets['web']?.belief).toBe('unknown');
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('cannot-look');
    expect(attempts(world)).toEqual([]);
  });

  test('is not what a playbook only reports on, and a person hears the same', () => {
    const world = new VirtualWorld(valuePlan('memory', { informs: true }));
    world.values['memory'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(900);
    expect(world.world.state.targets['memory']?.rulings[0]?.code).toBe('informs-only');
    expect(ask(world, { ...RECOVER, target: 'memory' })).toContain('its playbook only reports; a person decides');
  });

  test('is done by the first step that fits the class', () => {
    const world = new VirtualWorld(ladder([{ action: 'for-a-hang', when: ['hung'] }, {}])).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(world.times('attempt web for-a-hang')).toEqual([]);
    expect(world.times(RESTART)).toHaveLength(1);
  });
});

describe('an attempt', () => {
  test('that ends with a refused configuration is the last one', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED })).boot().pass(60);
    world.service('web').start = () => ({ exit: 78 });
    world.service('web').condition = 'dead';
    world.pass(700);
    expect(attempts(world)).toHaveLength(1);
    expect(incident(world)).toMatchObject({ phase: 'failed', gaveUp: true });
  });

  test('that a safety rule refused needs a person at once', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').start = () => 'refused';
    world.service('web').condition = 'dead';
    world.pass(2);
    expect(attempts(world)).toMatchObject([{ outcome: 'refused' }]);
    expect(incident(world)).toMatchObject({ phase: 'failed', gaveUp: true });
  });

  test('that was the last of the hour needs a person, also when a hold begins meanwhile', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 0 } } })).boot().pass(60);
    world.service('web').start = (nth) => {
      const hold = { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false } as const;
      if (nth === 3) ask(world, hold);
      return { exit: 1 };
    };
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(attempts(world)).toHaveLength(3);
    expect(incident(world)).toMatchObject({ phase: 'suppressed', gaveUp: true });
  });

  test('does not change what its trouble is called by what it does itself', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    // It answers with errors while it starts.
    world.service('web').start = () => {
      world.says = (check) => (check.name === 'http' ? 'failing' : undefined);
      return { bootMs: 60_000 };
    };
    world.service('web').condition = 'hung';
    world.pass(110);
    expect(attempts(world)).toMatchObject([{ phase: 'verifying' }]);
    expect(world.world.state.checks['web:http']?.reason).toBe('failing');
    expect(incident(world)).toMatchObject({ reason: 'silent', title: 'web stopped answering' });
  });

  test('hears only the end of its own step', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(0.265);
    expect(attempts(world)).toMatchObject([{ id: '1', phase: 'acting' }]);
    const outcome = { outcome: 'refused', did: ['Was late'] } as const;
    world.send({ type: 'stepped', target: 'web', purpose: { kind: 'attempt', attempt: '0' }, outcome });
    expect(attempts(world)).toMatchObject([{ phase: 'acting', did: [] }]);
    world.pass(10);
    expect(attempts(world)).toMatchObject([{ outcome: 'recovered' }]);
  });

  test('asks the host anew, although the one before has just asked', () => {
    const world = new VirtualWorld(servicePlan({ web: { policy: { cooldownMs: 0 } } })).boot().pass(60);
    world.service('web').start = () => {
      world.work['web'] = ['npm install runs in /srv'];
      return { exit: 1 };
    };
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(attempts(world)).toHaveLength(1);
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('hold-work');
  });

  test('asks the host anew for a trouble that began after it was asked', () => {
    const world = new VirtualWorld(servicePlan({ web: {} }));
    world.service('web').condition = 'dead';
    world.boot();
    world.pass(1);
    expect(world.world.state.targets['web']?.survey?.answeredAt).toBeDefined();
    world.work['web'] = ['npm install runs in /srv'];
    world.service('web').condition = 'dead';
    world.pass(1);
    expect(attempts(world)).toEqual([]);
    expect(world.world.state.targets['web']?.rulings[0]?.code).toBe('hold-work');
  });

  test('asks the host anew after a hold, although it was asked before it', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.surveyMs = 1_000;
    world.service('web').condition = 'dead';
    world.pass(0.5);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false });
    world.pass(60);
    world.work['web'] = ['npm install runs in /srv'];
    ask(world, { type: 'release', scope: 'web' });
    world.pass(60);
    expect(attempts(world)).toEqual([]);
  });

  test('goes no step further when a reload says to observe only', () => {
    const steps = [{}, { action: 'stronger' }];
    const world = new VirtualWorld(ladder(steps)).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 600_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    world.plan = ladder(steps, { mode: 'observe' });
    world.send({ type: 'plan-changed' });
    world.pass(120);
    expect(world.times('attempt web stronger')).toEqual([]);
    expect(attempts(world)).toMatchObject([{ outcome: 'stopped' }]);
  });

  test('ends when a person stops the recovery, and its next step is not run', () => {
    const world = new VirtualWorld(ladder([{}, { action: 'stronger' }])).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 600_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    expect(attempts(world)).toMatchObject([{ phase: 'verifying' }]);
    ask(world, { type: 'stop-incident', incident: '1' });
    expect(attempts(world)).toMatchObject([{ phase: 'ended', outcome: 'stopped' }]);
    world.pass(120);
    expect(world.times('attempt web stronger')).toEqual([]);
    expect(attempts(world)).toHaveLength(1);
  });
});

describe('a person who asks for a recovery', () => {
  test('gets no second one beside the one that runs', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').start = () => ({ bootMs: 30_000 });
    world.service('web').condition = 'dead';
    world.pass(5);
    expect(ask(world, { ...RECOVER, force: true })).toBe('no: A recovery of web is running already.');
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('passes maintenance by force only', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false });
    world.service('web').condition = 'dead';
    world.pass(10);
    expect(ask(world, RECOVER)).toContain('no: web is not recovered now: maintenance: upgrade (ada)');
    expect(ask(world, { ...RECOVER, force: true })).toBe('yes');
  });

  test('opens no breaker, however often it is asked', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    for (let i = 0; i < 7; i++) {
      expect(ask(world, { ...RECOVER, force: true })).toBe('yes');
      world.pass(30);
    }
    expect(world.world.state.host.attempts).toEqual([]);
    expect(world.alerts).toEqual([]);
  });

  test('and mended it after having stopped ours is who mended it', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    ask(world, { type: 'hold', scope: 'web', forMs: 600_000, reason: 'upgrade', silent: false });
    world.service('web').condition = 'dead';
    world.pass(5);
    ask(world, { type: 'stop-incident', incident: '1' });
    world.service('web').condition = 'up';
    world.pass(60);
    expect(incident(world)).toMatchObject({ phase: 'recovered', outcome: 'needed-you' });
  });
});
