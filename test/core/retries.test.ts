import { describe, expect, test } from 'vitest';
import type { Wish } from '../../src/core/events.ts';
import type { Playbook, Step } from '../../src/core/plan.ts';
import type { Effect } from '../../src/core/turn.ts';
import { servicePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const RESTART = 'attempt web restart-service';
const HOLD = { type: 'hold', scope: 'web', forMs: 600_000, reason: 'I look myself', silent: false } as const;

/** A world in which web has a ladder, at 60 s; `start` is what each start of it comes to. */
function worldOf(steps: readonly Partial<Step>[], over: Partial<Playbook> = {}): VirtualWorld {
  const base = servicePlan({ web: { policy: { startGraceMs: 10_000 }, processEveryMs: 1_000 } });
  const world = new VirtualWorld(withLadder(base, 'web', steps, over)).boot().pass(60);
  world.service('web').start = () => ({ exit: 1 });
  return world;
}

function die(world: VirtualWorld): VirtualWorld {
  world.service('web').condition = 'dead';
  return world;
}

function ask(world: VirtualWorld, wish: Wish): string {
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

const attempts = (world: VirtualWorld) => world.world.state.targets['web']?.attempts ?? [];
const last = (world: VirtualWorld) => attempts(world).at(-1);
const incident = (world: VirtualWorld) => Object.values(world.world.state.incidents).at(-1);
/** Seconds between each time and the one before, to the nearest five: looks and surveys take their moment. */
const gaps = (times: readonly number[]) => times.slice(1).map((t, i) => Math.round((t - (times[i] ?? 0)) / 5) * 5);

describe('a step that asks for retries', () => {
  test('is tried again after 30, 60, 120, 240 and 300 s, and that is one attempt', () => {
    const world = die(worldOf([{ retries: 6, backoffMs: 30_000 }])).pass(1_040);
    expect(gaps(world.times(RESTART))).toEqual([30, 60, 120, 240, 300]);
    world.pass(30);
    expect(attempts(world)).toHaveLength(1);
    expect(gaps(world.times(RESTART))).toEqual([30, 60, 120, 240, 300, 300]);
    expect(attempts(world)[0]).toMatchObject({ outcome: 'not-recovered', class: 'crashed' });
    expect(attempts(world)[0]?.steps.map((one) => [one.step, one.try, one.result])).toEqual([
      [0, 1, 'failed'],
      [0, 2, 'failed'],
      [0, 3, 'failed'],
      [0, 4, 'failed'],
      [0, 5, 'failed'],
      [0, 6, 'failed'],
      [0, 7, 'failed'],
    ]);
  });

  test('is not tried again on what has come to answer, and only asks to be asked less often', () => {
    const world = die(worldOf([{ retries: 1, backoffMs: 30_000 }])).pass(5);
    expect(world.times(RESTART)).toHaveLength(1);
    world.replaced('web', 'up', 4711);
    world.says = (check) => (check.name === 'http' ? 'limited' : undefined);
    world.pass(120);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(attempts(world)[0]).toMatchObject({ phase: 'ended', outcome: 'not-recovered' });
  });

  test('gives way to the next attempt only after the cooldown, counted from its end', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 120_000 }])).pass(1_500);
    const [first, second] = attempts(world);
    expect(gaps([first?.ended?.steady ?? 0, second?.started.steady ?? 0].map((ms) => ms / 1_000))).toEqual([300]);
  });

  test('recovers by its second try, with the result of each', () => {
    const world = worldOf([{ retries: 2, backoffMs: 30_000 }]);
    world.service('web').start = (nth) => (nth === 1 ? { exit: 1 } : 'up');
    die(world).pass(60);
    expect(world.story(60)).toEqual(['detected web', RESTART, RESTART, 'recovered web']);
    expect(last(world)).toMatchObject({
      outcome: 'recovered',
      steps: [
        { try: 1, result: 'failed', trouble: 'exit 1', code: 'START_FAILED', verified: undefined },
        { try: 2, result: 'done', did: ['Started it'], verified: true },
      ],
    });
  });

  test('is tried again also when only its verification failed', () => {
    const world = worldOf([{ retries: 1, backoffMs: 5_000 }, { action: 'stronger' }]);
    world.service('web').start = () => ({ bootMs: 600_000 });
    die(world).pass(40);
    expect(gaps(world.times(RESTART))).toEqual([15]);
    expect(last(world)?.steps).toMatchObject([{ try: 1, verified: false }, { try: 2, verified: false }, { step: 1 }]);
    expect(world.times('attempt web stronger')).toHaveLength(1);
  });

  test('is not tried again when it got well while it waited', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 60_000 }])).pass(20);
    expect(last(world)).toMatchObject({ phase: 'waiting' });
    world.service('web').condition = 'up';
    world.pass(600);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ phase: 'ended', outcome: 'recovered' });
    expect(incident(world)).toMatchObject({ phase: 'recovered' });
  });

  test('is told of when five minutes of trying have not helped, and its target stays recovering', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 120_000 }])).pass(280);
    expect(world.alerts).toEqual([]);
    world.pass(40);
    expect(incident(world)?.phase).toBe('recovering');
    expect(world.alerts).toMatchObject([{ kind: 'opened' }]);
  });

  test('waits for an owner that is about to act, and is not in its way', () => {
    const world = worldOf([{ retries: 2, backoffMs: 10_000 }]);
    const owner = { kind: 'systemd', scope: 'user', unit: 'web.service' } as const;
    world.owners['web'] = {
      owner,
      says: () => ({
        found:
          world.t < 70 || world.t > 100 ? [] : [{ kind: 'owner', text: 'web.service starts again', forMs: 15_000 }],
      }),
    };
    die(world).pass(20);
    expect(last(world)).toMatchObject({ phase: 'waiting' });
    expect(world.world.state.targets['web']?.rulings[0]?.text).toBe('Try 2 of 3 waits: web.service starts again');
    world.service('web').condition = 'up';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });
});

describe('a retry that is planned', () => {
  test('is neither lost nor doubled by a crash of the daemon', () => {
    const world = die(worldOf([{ retries: 1, backoffMs: 60_000 }])).pass(20);
    world.boot().pass(10).boot().pass(10);
    expect(world.times(RESTART)).toHaveLength(1);
    world.pass(60);
    expect(gaps(world.times(RESTART))).toEqual([60]);
    expect(attempts(world)).toHaveLength(1);
    expect(world.pass(100).times(RESTART)).toHaveLength(2);
  });

  test('is not begun twice when the daemon crashes at the moment it begins', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    const isRetry = (effect: Effect) => effect.type === 'run' && effect.purpose.kind === 'attempt';
    world.onEffects = (effects) => {
      if (effects.some(isRetry)) throw new Error('crash');
    };
    expect(() => world.pass(60)).toThrow('crash');
    world.onEffects = () => {};
    world.boot().pass(200);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(attempts(world)).toMatchObject([
      {
        outcome: 'interrupted',
        steps: [
          { try: 1, result: 'failed' },
          { try: 2, result: 'interrupted' },
        ],
      },
    ]);
  });

  test('waits for the looks of the new daemon', () => {
    const world = die(worldOf([{ retries: 1, backoffMs: 30_000 }])).pass(20);
    world.service('web').condition = 'up';
    world.boot();
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('is stopped by a hold that begins meanwhile', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    ask(world, HOLD);
    expect(last(world)).toMatchObject({ phase: 'ended', outcome: 'stopped' });
    world.pass(500);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(incident(world)?.steps.map((step) => step.text)).toContain(
      'The next try is not run: maintenance: I look myself (ada)',
    );
  });

  test('is stopped by work that began meanwhile, for the host is asked anew', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    world.work['web'] = ['npm install runs in /srv'];
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'stopped' });
  });

  test('is stopped by a person who stops the incident', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    ask(world, { type: 'stop-incident', incident: '1' });
    world.pass(900);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'stopped' });
    expect(incident(world)).toMatchObject({ phase: 'suppressed' });
  });

  test('is stopped by sleep of the host, and the next attempt comes later', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    world.send({ type: 'resumed', awayMs: 28_800_000 });
    world.pass(30);
    expect(last(world)).toMatchObject({ outcome: 'stopped' });
    expect(world.times(RESTART)).toHaveLength(1);
  });

  test('is left to the next daemon by one that stops', () => {
    const world = die(worldOf([{ retries: 1, backoffMs: 30_000 }])).pass(20);
    world.send({ type: 'stopping' });
    world.pass(60);
    expect(last(world)).toMatchObject({ phase: 'waiting' });
    expect(world.boot().pass(60).times(RESTART)).toHaveLength(2);
  });

  test('ends with a playbook that is changed under it', () => {
    const world = die(worldOf([{ retries: 3, backoffMs: 30_000 }])).pass(20);
    world.plan = withLadder(world.plan, 'web', [{ action: 'another' }]);
    world.send({ type: 'plan-changed' });
    expect(last(world)).toMatchObject({ outcome: 'stopped' });
  });

  test('holds the place of an attempt: no second one on its target, and no more than the host may have', () => {
    const base = servicePlan({ web: {}, api: { processEveryMs: 1_000 } });
    const limits = { ...base.limits, maxConcurrent: 1 };
    const world = new VirtualWorld(withLadder({ ...base, limits }, 'web', [{ retries: 1, backoffMs: 60_000 }]));
    world.boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    die(world).pass(20);
    world.service('api').condition = 'dead';
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true })).toContain(
      'running already',
    );
    world.pass(10);
    expect(world.times('attempt api restart-service')).toEqual([]);
    world.pass(60);
    expect(world.times('attempt api restart-service')).toHaveLength(1);
  });
});

describe('while an attempt waits', () => {
  test('a trouble that a person has made by it is an incident, and its own', () => {
    const world = worldOf([{ retries: 2, backoffMs: 120_000 }]);
    expect(ask(world, { type: 'recover', target: 'web', playbook: undefined, force: true })).toBe('yes');
    world.pass(100);
    expect(last(world)).toMatchObject({ phase: 'waiting', manual: true, incident: '1' });
    expect(incident(world)).toMatchObject({ id: '1', phase: 'recovering' });
    world.service('web').start = () => 'up';
    world.pass(60);
    expect(incident(world)).toMatchObject({ phase: 'recovered', outcome: 'needed-you' });
  });

  test('what somebody else starts meanwhile is left to start', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 15_000 }])).pass(12);
    world.replaced('web', 'booting', 900);
    world.pass(8);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.world.state.targets['web']?.rulings[0]?.text).toContain('it is starting');
    world.service('web').condition = 'up';
    world.pass(20);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
  });

  test('nothing is started beside what answers and does not match', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 15_000 }], { sloMs: 120_000 })).pass(10);
    world.service('web').start = () => 'leaves';
    world.pass(20);
    world.service('web').condition = 'unmatched';
    world.pass(120);
    expect(world.times(RESTART)).toHaveLength(2);
  });

  test('what cannot be seen is not tried again, until the time objective ends it', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 15_000 }], { sloMs: 120_000 })).pass(5);
    world.says = () => 'blind';
    world.pass(100);
    expect(last(world)).toMatchObject({ phase: 'waiting' });
    world.pass(30);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(last(world)).toMatchObject({ outcome: 'not-recovered' });
  });

  test('a changed config ends it, and what is down is brought up by the new one', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 120_000 }])).pass(20);
    const { web } = world.plan.targets;
    if (web === undefined) throw new Error('no web');
    world.send({ type: 'plan-changed' });
    expect(last(world)).toMatchObject({ phase: 'waiting' });
    world.service('web').start = () => 'up';
    world.plan = { ...world.plan, targets: { web: { ...web, fingerprint: '2' } } };
    world.send({ type: 'plan-changed' });
    expect(attempts(world)).toMatchObject([{ outcome: 'stopped' }]);
    world.pass(20);
    expect(world.times('bring-up web restart-service')).toHaveLength(1);
    expect(incident(world)).toMatchObject({ phase: 'recovered' });
  });

  test('a refused configuration ends it', () => {
    const world = die(worldOf([{ retries: 2, backoffMs: 30_000 }])).pass(20);
    world.send({ type: 'exited', target: 'web', exitCode: 78, signal: undefined, lastLines: ['bad config'] });
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(incident(world)).toMatchObject({ phase: 'failed', gaveUp: true });
  });
});

describe('the time objective of a playbook', () => {
  test('ends the run: no try begins after it, and the incident says so', () => {
    const world = die(worldOf([{ retries: 9, backoffMs: 30_000 }], { sloMs: 100_000 })).pass(250);
    expect(gaps(world.times(RESTART))).toEqual([30, 60]);
    expect(last(world)).toMatchObject({ outcome: 'not-recovered' });
    expect(incident(world)?.steps.map((step) => step.text)).toContain(
      'Its time objective of 1 min 40 s leaves no time for another try or step',
    );
  });

  test('ends before a further step too, and lets the step under way prove itself', () => {
    const world = worldOf([{}, { action: 'stronger' }], { sloMs: 5_000 });
    world.service('web').start = () => ({ bootMs: 8_000 });
    die(world).pass(60);
    expect(last(world)).toMatchObject({ outcome: 'recovered' });
    world.service('web').start = () => ({ bootMs: 600_000 });
    die(world.pass(600)).pass(60);
    expect(world.times('attempt web stronger')).toEqual([]);
    expect(last(world)).toMatchObject({ outcome: 'not-recovered' });
  });

  test('is not spent by the sleep of the host', () => {
    const world = worldOf([{}, { action: 'stronger' }], { sloMs: 120_000 });
    world.service('web').start = () => ({ bootMs: 3_600_000 });
    die(world).pass(5);
    const before = last(world)?.slo ?? 0;
    world.send({ type: 'resumed', awayMs: 3_600_000 });
    expect(last(world)?.slo).toBe(before + 3_600_000);
  });
});
