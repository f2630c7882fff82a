import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../src/core/plan.ts';
import type { Effect } from '../src/core/turn.ts';
import { createEffects } from '../src/effects.ts';
import { openHome } from '../src/store/home.ts';
import { openStore } from '../src/store/store.ts';
import { ONCE, servicePlan, valuePlan } from './helpers/plans.ts';
import { NOON, sampleAlert } from './store/samples.ts';
import { scratch } from './store/scratch.ts';

/** Effects over a real store; `ran` are the targets whose action was run, `outcomes` what the inbox was told. */
async function effectsFor(plan: Plan) {
  const home = openHome(scratch());
  const store = await openStore({ home, clockNow: () => NOON, reserveBytes: 0 });
  const ran: string[] = [];
  const told: { target: string; outcome: string; code: string | undefined; did: readonly string[] }[] = [];
  const queued: string[] = [];
  const ending = new AbortController();
  const release: (() => void)[] = [];
  const effects = createEffects({
    plan: () => plan,
    store,
    scheduler: { lookSoon: () => undefined },
    log: pino({ level: 'silent' }),
    action: async (name) =>
      name === 'nothing'
        ? undefined
        : {
            run: async (_, { target, signal }) => {
              ran.push(target);
              if (name === 'stuck') return new Promise<never>(() => {});
              if (name === 'slow') await new Promise<void>((resolve) => release.push(resolve));
              if (name === 'breaks') throw new Error('no such luck');
              return { outcome: 'done', did: [`aborted: ${signal.aborted}`] };
            },
          },
    hands: { home: home.path },
    push: (event) => {
      if (event.type === 'alert-queued') queued.push(event.id);
      if (event.type !== 'stepped') return;
      const { outcome, did, trouble } = event.outcome;
      told.push({ target: event.target, outcome, did, code: trouble?.code });
    },
    answer: () => undefined,
    queued: () => undefined,
    ending: ending.signal,
  });
  return { effects, ran, told, queued, store, ending, release };
}

function run(target: string, action = 'restart-service', timeoutMs = 60_000): Effect {
  const step = { action, options: {}, timeoutMs, recovers: true, ...ONCE };
  return { type: 'run', target, purpose: { kind: 'bring-up' }, step, reason: 'gone', tracked: undefined };
}

describe('what the judge wished while its state could not be saved', () => {
  it('is not done to a service, and said so', async () => {
    const { effects, ran, told } = await effectsFor(servicePlan({ web: {} }));
    effects.perform([run('web')], false);
    await effects.settled();
    expect(ran).toEqual([]);
    expect(told).toMatchObject([{ target: 'web', outcome: 'failed', code: 'SAVE_FAILED' }]);
  });

  it('is done to a disk: it may be what makes room to save again', async () => {
    const { effects, ran, told } = await effectsFor(valuePlan('disk'));
    effects.perform([run('disk', 'clean-disk')], false);
    await effects.settled();
    expect(ran).toEqual(['disk']);
    expect(told).toMatchObject([{ target: 'disk', outcome: 'done' }]);
  });
});

describe('the end of the daemon', () => {
  it('waits for an action that was given up and is still at work, and says which that is', async () => {
    const { effects, told, release } = await effectsFor(servicePlan({ web: {} }));
    effects.perform([run('web', 'slow', 50)], true);
    await effects.settled();
    expect(told).toMatchObject([{ code: 'EXEC_TIMED_OUT' }]);
    expect(effects.underWay()).toMatchObject([{ target: 'web', action: 'slow' }]);
    const ended = effects.ended();
    expect(await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe('waits');
    for (const go of release) go();
    expect(await ended).toBe(true);
    expect(effects.underWay()).toEqual([]);
  });

  it('calls off what has not begun to change anything', async () => {
    const { effects, told, ending } = await effectsFor(servicePlan({ web: {} }));
    ending.abort();
    effects.perform([run('web')], true);
    expect(await effects.ended()).toBe(true);
    expect(told).toMatchObject([{ outcome: 'done', did: ['aborted: true'] }]);
  });
});

describe('an action', () => {
  it('that is given up may still be at work: nothing else is done to its target beside it', async () => {
    const { effects, ran, told } = await effectsFor(servicePlan({ web: {}, hub: {} }));
    effects.perform([run('web', 'stuck', 50)], true);
    await effects.settled();
    effects.perform([run('web'), run('hub')], true);
    await effects.settled();
    expect(ran).toEqual(['web', 'hub']);
    expect(told).toMatchObject([
      { code: 'EXEC_TIMED_OUT' },
      { target: 'web', code: 'TRY_LATER' },
      { target: 'hub', outcome: 'done' },
    ]);
  });

  it.each([
    ['that breaks is a failure', 'breaks', 'INTERNAL'],
    ['that never ends is given up at its time-out', 'stuck', 'EXEC_TIMED_OUT'],
    ['that does not exist is a failure', 'nothing', 'INTERNAL'],
  ])('%s', async (_, action, code) => {
    const { effects, told } = await effectsFor(servicePlan({ web: {} }));
    effects.perform([run('web', action, 50)], true);
    await effects.settled();
    expect(told).toMatchObject([{ target: 'web', outcome: 'failed', code }]);
  });
});

it('tells the judge of an alert only when it is in the queue, so that it is not sent for ever', async () => {
  const { effects, queued, store } = await effectsFor(servicePlan({ web: {} }));
  effects.perform([{ type: 'alert', alert: sampleAlert('a1') }], true);
  await expect.poll(() => queued).toEqual(['a1']);
  expect((await store.alerts.pending()).map(({ id }) => id)).toEqual(['a1']);
});
