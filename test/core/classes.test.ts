import { describe, expect, test } from 'vitest';
import type { Event, Wish } from '../../src/core/events.ts';
import { overview } from '../../src/core/overview.ts';
import type { Plan } from '../../src/core/plan.ts';
import { servicePlan, UNHURRIED, valuePlan, withLadder } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../text/samples.ts';

const RESTART = 'attempt web restart-service';
const BRING_UP = 'bring-up web restart-service';
const MALFORMED = 'sqlite3.DatabaseError: database disk image is malformed';
const NO_MODULE = "Error: Cannot find module 'express'";

const target = (world: VirtualWorld) => world.world.state.targets['web'];
const attempts = (world: VirtualWorld) => target(world)?.attempts ?? [];
const incident = (world: VirtualWorld) => Object.values(world.world.state.incidents).at(-1);
const kinds = (world: VirtualWorld) => world.alerts.map(({ kind }) => kind);

/** A web app that runs for a minute, and of which every process look tells. */
function running(plan: Plan = servicePlan({ web: UNHURRIED })): VirtualWorld {
  return new VirtualWorld(plan).boot().pass(60);
}

/** Its process ends before our eyes, as a child of ours. */
function ends(world: VirtualWorld, end: Partial<Extract<Event, { type: 'exited' }>>): void {
  world.service('web').condition = 'dead';
  world.send({ type: 'exited', target: 'web', exitCode: undefined, signal: undefined, lastLines: [], ...end });
}

function recoverByHand(world: VirtualWorld): string {
  const wish: Wish = { type: 'recover', target: 'web', playbook: undefined, force: false };
  world.send({ type: 'asked', request: 1, by: 'ada', wish });
  return world.lines.at(-1)?.what ?? '';
}

describe('what is asked too often', () => {
  test('is waited for, told, and not restarted, not even where wrong answers are', () => {
    for (const condition of ['limited', 'slow'] as const) {
      const policy = { recoverOn: ['wrong-answer', 'rate-limited', 'slow'] as const };
      const world = running(servicePlan({ web: { ...UNHURRIED, policy } }));
      world.service('web').condition = condition;
      world.pass(condition === 'slow' ? 300 : 3_700);
      expect(world.times(RESTART)).toEqual([]);
      expect(incident(world)).toMatchObject({
        severity: 'warning',
        class: condition === 'slow' ? 'slow' : 'rate-limited',
      });
      expect(kinds(world)).toEqual(condition === 'slow' ? ['opened'] : ['opened', 'reminder']);
      expect(target(world)?.rulings[0]?.code).toBe(condition === 'slow' ? 'slow' : 'rate-limited');
      world.service('web').condition = 'up';
      world.pass(60);
      expect(incident(world)).toMatchObject({ phase: 'recovered', outcome: 'went-away' });
    }
  });

  test('is not asked sooner for it', () => {
    const world = running();
    const looks: number[] = [];
    world.onEffects = (effects) => {
      if (effects.some((one) => one.type === 'look' && one.checks.includes('web:http'))) looks.push(world.t);
    };
    world.service('web').condition = 'limited';
    world.pass(120);
    expect(looks).toEqual([]);
    expect(incident(world)?.class).toBe('rate-limited');
  });

  test('ends a recovery after which it is only that', () => {
    const world = running(
      withLadder(servicePlan({ web: { ...UNHURRIED, policy: { startGraceMs: 5_000 } } }), 'web', [
        { retries: 2, backoffMs: 5_000 },
        { action: 'harsher' },
      ]),
    );
    world.service('web').start = () => {
      world.says = (check) => (check.name === 'http' ? 'limited' : undefined);
      return 'up';
    };
    world.service('web').condition = 'dead';
    world.pass(600);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.times('attempt web harsher')).toEqual([]);
    expect(attempts(world)).toMatchObject([{ outcome: 'not-recovered' }]);
  });
});

describe('damaged data', () => {
  test('are never started upon: a person is told at once', () => {
    const world = running();
    ends(world, { exitCode: 1, lastLines: ['opening the store', MALFORMED] });
    world.pass(2);
    expect(incident(world)).toMatchObject({ phase: 'failed', class: 'data-corruption', title: 'web has damaged data' });
    expect(kinds(world)).toEqual(['failed']);
    expect(world.alerts[0]).toMatchObject({ title: 'web has damaged data, and recovery has failed' });
    expect(world.alerts[0]?.body).toContain(`It last said: ${MALFORMED}`);
    expect(world.alerts[0]?.doThis).toContain('Copy its data away before anything else');
    world.pass(2 * 3_600);
    expect(world.times(RESTART)).toEqual([]);
  });

  test('stay so over a restart of the daemon, and until a person has tried', () => {
    const world = running();
    ends(world, { exitCode: 1, lastLines: [MALFORMED] });
    world.pass(600);
    world.boot().pass(600);
    expect(world.times(BRING_UP)).toEqual([]);
    expect(world.times(RESTART)).toEqual([]);
    recoverByHand(world);
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(incident(world)).toMatchObject({ phase: 'recovered' });
  });

  test('that show when it is started are not looped on, in an attempt or at the start of the daemon', () => {
    const world = running(withLadder(servicePlan({ web: UNHURRIED }), 'web', [{ retries: 5, backoffMs: 1_000 }, {}]));
    world.service('web').start = () => ({ exit: 1, said: MALFORMED });
    world.service('web').condition = 'dead';
    world.pass(2 * 3_600);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(incident(world)?.class).toBe('data-corruption');

    const other = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    other.service('web').condition = 'dead';
    other.service('web').start = () => ({ exit: 1, said: MALFORMED });
    other.boot().pass(2 * 3_600);
    expect(other.times(BRING_UP)).toHaveLength(1);
    expect(other.times(RESTART)).toEqual([]);
    expect(kinds(other)).toContain('failed');
  });

  test('said in a life before this trouble are forgotten', () => {
    const world = running();
    ends(world, { exitCode: 1, lastLines: [MALFORMED] });
    world.pass(60);
    world.service('web').condition = 'up';
    world.pass(3_600);
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
  });
});

describe('what another try would only meet again', () => {
  test.each([
    ['dependency-missing', NO_MODULE],
    ['permission', "PermissionError: [Errno 13] Permission denied: '/srv/data'"],
    ['wrong-runtime', 'openclaw requires Node >=22.12.0.'],
    ['disk-full', 'OSError: [Errno 28] No space left on device'],
  ])('spends no further tries: %s', (kind, said) => {
    const world = running(
      withLadder(servicePlan({ web: UNHURRIED }), 'web', [{ retries: 5, backoffMs: 1_000 }, { action: 'harsher' }]),
    );
    world.service('web').start = () => ({ exit: 1, said });
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(world.times('attempt web harsher')).toEqual([]);
    expect(incident(world)).toMatchObject({ phase: 'failed', gaveUp: true, class: kind });
    expect(kinds(world)).toEqual(['failed']);
    // Gently by itself: it may have been mended elsewhere.
    world.pass(3 * 3_600);
    const [, ...trials] = world.times(RESTART);
    expect(trials).toHaveLength(3);
    world.service('web').start = () => 'up';
    world.pass(3_600);
    expect(incident(world)).toMatchObject({ phase: 'recovered' });
  });

  test('is tried as often as ever where it only crashes', () => {
    const world = running();
    world.service('web').start = () => ({ exit: 1, said: 'TypeError: x is not a function' });
    world.service('web').condition = 'dead';
    world.pass(660);
    expect(world.times(RESTART)).toHaveLength(3);
    expect(incident(world)?.class).toBe('crashed');
  });

  test('is not brought up three times either', () => {
    const world = new VirtualWorld(servicePlan({ web: UNHURRIED }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ exit: 1, said: NO_MODULE });
    world.boot().pass(30);
    expect(world.times(BRING_UP)).toHaveLength(1);
  });

  test('is gone on with by a step that was written for it', () => {
    const steps = [{}, { action: 'install', when: ['dependency-missing' as const] }, { action: 'harsher' }];
    const world = running(withLadder(servicePlan({ web: UNHURRIED }), 'web', steps));
    ends(world, { exitCode: 1, lastLines: [NO_MODULE] });
    world.service('web').start = () => ({ exit: 1, said: NO_MODULE });
    world.pass(30);
    expect(attempts(world)[0]).toMatchObject({ class: 'dependency-missing' });
    expect(world.times('attempt web install')).toHaveLength(1);
    expect(world.times('attempt web harsher')).toEqual([]);
  });

  test('is what a start could not even run for', () => {
    const world = running();
    world.service('web').start = () => ({ exit: 1, code: 'START_NOT_FOUND' });
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(incident(world)).toMatchObject({ class: 'dependency-missing', because: ['exit 1'] });
    expect(attempts(world)).toHaveLength(1);
  });

  test('is not said of a disk, which is cleaned again and again', () => {
    const world = new VirtualWorld(valuePlan('disk'));
    world.values['disk'] = { percent: 99.5, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(3_600);
    expect(world.times('attempt disk clean-disk').length).toBeGreaterThan(1);
    expect(incident(world)?.title).toBe('disk is over its limit');
  });
});

describe('a configuration refused with the words of clawdbot', () => {
  test('is not looped on, as with exit status 78', () => {
    const world = running();
    world.service('web').start = () => ({ exit: 1, said: 'Gateway start blocked: set gateway.mode=local.' });
    world.service('web').condition = 'dead';
    world.pass(2 * 3_600);
    expect(world.times(RESTART)).toHaveLength(1);
    expect(incident(world)).toMatchObject({ phase: 'failed', class: 'refused-configuration' });
    expect(target(world)?.refusedUnder).toBe('1');
  });
});

describe('an end', () => {
  test('for want of memory is told with its evidence, and recovered as a crash', () => {
    const world = running();
    world.service('web').start = () => ({ bootMs: 20_000 });
    const outOfMemory = 'The kernel killed a process for want of memory then.';
    ends(world, { signal: 'SIGKILL', outOfMemory });
    world.pass(2);
    expect(attempts(world)).toMatchObject([
      { class: 'oom-killed', because: ['It was ended by SIGKILL.', outOfMemory] },
    ]);
    expect(incident(world)).toMatchObject({ title: 'web was killed because memory ran out' });
    world.pass(60);
    expect(incident(world)).toMatchObject({ phase: 'recovered' });
  });

  test('that a step of ours brought about is no class of its trouble', () => {
    const world = running();
    world.service('web').start = () => {
      world.send({ type: 'exited', target: 'web', exitCode: undefined, signal: 'SIGKILL', lastLines: [MALFORMED] });
      return { bootMs: 600_000 };
    };
    world.service('web').condition = 'hung';
    world.pass(250);
    expect(attempts(world)).toMatchObject([{ class: 'hung', outcome: 'not-recovered' }]);
    expect(target(world)?.lastExit).toMatchObject({ signal: 'SIGKILL', ours: true });
    expect(incident(world)?.class).not.toBe('data-corruption');
    expect(world.alerts[0]?.evidence.join()).not.toContain('SIGKILL');
  });

  test('before a start that succeeded is not the end of what was started', () => {
    const world = running();
    let nth = 0;
    world.service('web').start = () => (++nth === 1 ? { exit: 1, said: NO_MODULE } : { bootMs: 3_600_000 });
    ends(world, { exitCode: 1, lastLines: ['boom'] });
    world.pass(30);
    expect(incident(world)?.class).toBe('dependency-missing');
    world.pass(3_600 + 700);
    expect(attempts(world)).toHaveLength(2);
    expect(incident(world)?.class).toBe('unreachable');
  });

  test('of which only the last words are known does not put one aside that is known better', () => {
    const world = running();
    world.surveyMs = 50;
    ends(world, { exitCode: 7, lastLines: ['boom'] });
    world.owners['web'] = {
      owner: { kind: 'pm2', name: 'web' },
      says: () => ({ found: [], ended: { exitCode: undefined, signal: undefined, lastLines: ['older'] } }),
    };
    world.pass(1);
    expect(target(world)?.lastExit).toMatchObject({ exitCode: 7, lastLines: ['boom'] });
  });

  test('on a disk without room is for want of that', () => {
    const world = running();
    world.service('web').start = () => ({ exit: 1, said: 'cannot go on' });
    world.owners['web'] = {
      owner: { kind: 'pm2', name: 'web' },
      says: () => ({ found: [], fullDisk: 'The disk of /srv is 99.8% full' }),
    };
    world.service('web').condition = 'dead';
    world.pass(60);
    expect(incident(world)).toMatchObject({ phase: 'failed', class: 'disk-full' });
    expect(attempts(world)).toHaveLength(1);
  });

  test('is looked for in the log from where that stood while it lived', () => {
    const world = running();
    world.figures = (_, ageMs) => ({ ageMs, cpuMs: 1, rssBytes: 1, logBytes: 4_711 });
    world.service('web').condition = 'dead';
    world.pass(60);
    world.service('web').condition = 'up';
    world.pass(600);
    const asked: unknown[] = [];
    world.onEffects = (effects) => {
      for (const effect of effects) if (effect.type === 'survey') asked.push(effect.logBytes);
    };
    world.service('web').condition = 'dead';
    world.pass(5);
    expect(asked).toEqual([4_711]);
  });
});

test('the class and its evidence are in the snapshot while the trouble lasts, and stay with the incident', () => {
  const world = running();
  world.service('web').start = () => ({ exit: 1, said: NO_MODULE });
  world.service('web').condition = 'dead';
  world.pass(60);
  const now = () => ({ at: world.now + world.wallShift, steady: world.now });
  const view = () => overview(world.world, world.plan, calm(), now());
  const seen = {
    class: 'dependency-missing',
    evidence: ['It ended with exit status 1.', `It last said: ${NO_MODULE}`],
  };
  expect(view().targets[0]).toMatchObject(seen);
  expect(view().incidents[0]).toMatchObject({ ...seen, cause: seen.evidence.join(' ') });
  world.service('web').condition = 'up';
  world.pass(60);
  expect(view().targets[0]).not.toHaveProperty('class');
  expect(view().incidents[0]).toMatchObject({ ...seen, phase: 'recovered' });
});
