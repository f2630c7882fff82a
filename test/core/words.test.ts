import { describe, expect, test } from 'vitest';
import { overview } from '../../src/core/overview.ts';
import type { Step } from '../../src/core/plan.ts';
import type { TargetView } from '../../src/core/snapshot.ts';
import { sayStep } from '../../src/core/words.ts';
import { servicePlan, valuePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../text/samples.ts';

function view(world: VirtualWorld): TargetView {
  const now = { at: world.now + world.wallShift, steady: world.now };
  const [target] = overview(world.world, world.plan, calm(), now).targets;
  if (target === undefined) throw new Error('no target');
  return target;
}

const doubts = (world: VirtualWorld) =>
  view(world).checks.flatMap(({ id, doubt }) => (doubt === undefined ? [] : [`${id} ${doubt}`]));

describe('what is stored is true later as well', () => {
  test('what comes next has the time of day and no countdown', () => {
    const world = new VirtualWorld(servicePlan({ web: { noStart: false } })).boot().pass(60);
    world.service('web').start = () => ({ exit: 1 });
    world.service('web').condition = 'dead';
    world.pass(30);
    const [alert] = world.alerts;
    for (const text of [alert?.next, alert?.body]) expect(text).toMatch(/; next attempt at \d\d:\d\d:\d\d\.$/);
    expect(JSON.stringify(world.alerts)).not.toContain('from now');
    expect(alert?.tried).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d restart: did not help\b/)]);
  });
});

describe('what a person can do', () => {
  function lost(hint: string | undefined, logFile: string | undefined): string {
    const plan = servicePlan({ web: {} });
    const web = plan.targets['web'];
    if (web === undefined) throw new Error('no plan');
    const world = new VirtualWorld({
      ...plan,
      targets: { web: { ...web, ...(logFile === undefined ? {} : { logFile }) } },
    });
    world.boot().pass(60);
    world.service('web').condition = 'dead';
    world.service('web').start = () => (hint === undefined ? { exit: 1 } : { exit: 1, hint });
    world.pass(120);
    return world.alerts[0]?.doThis ?? '';
  }

  test('is what the last attempt failed for, then how to try again', () => {
    expect(lost('Create it, or correct `cwd` of web.', '/home/ada/logs/web.log')).toBe(
      'Create it, or correct `cwd` of web. When it is mended: jarvis-health recover web',
    );
  });

  test('is its log where the attempt says nothing, and is known', () => {
    expect(lost('See why in /w.log; it last said: no database', '/w.log')).toBe(
      'See why in /w.log; it last said: no database. When it is mended: jarvis-health recover web',
    );
    expect(lost(undefined, '/w.log')).toMatch(/^Look at .* why it ends\. Its log: \/w\.log\. When it is mended/);
    expect(lost(undefined, undefined)).toMatch(/^Look at .* why it ends\. When it is mended/);
  });
});

describe('a doubt about failed looks', () => {
  test('counts them up to the threshold, then says what is waited for, and ends with the belief', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'hung';
    world.service('web').start = () => ({ exit: 1 });
    const seen = new Set<string>();
    for (let second = 0; second < 120; second++) seen.add(doubts(world.pass(1)).join());
    expect([...seen]).toEqual([
      '',
      'web:http 1 of 3 failed looks',
      'web:http 2 of 3 failed looks',
      'web:http 3 failed looks; silence must last 1 min',
    ]);
    expect(doubts(world)).toEqual([]);
  });

  test('says that they do not count while it is starting', () => {
    const world = new VirtualWorld(servicePlan({ web: { check: { everyMs: 2_000 } } }));
    world.service('web').condition = 'dead';
    world.service('web').start = () => ({ bootMs: 50_000 });
    world.boot().pass(20);
    expect(doubts(world)).toEqual(['web:http not counted now']);
    expect(view(world).detail).toBe('starting');
  });

  test('of a value says how long it must last', () => {
    const world = new VirtualWorld(valuePlan('memory', { noStart: true }));
    world.values['memory'] = { percent: 95, warning: 80, critical: 90, clear: 75 };
    world.boot().pass(90);
    expect(doubts(world)).toEqual(['memory:value must last 5 min']);
  });
});

describe('a recovery that a person asks for', () => {
  const ask = (world: VirtualWorld, force: boolean) => {
    const wish = { type: 'recover', target: 'web', playbook: undefined, force } as const;
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    return world.lines.at(-1)?.what;
  };

  test('is refused where nothing is wrong: what works is restarted only by force', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    expect(ask(world, false)).toBe('no: web is working; nothing to recover.');
    expect(ask(world, true)).toBe('yes');
    world.pass(10);
    expect(view(world).attempts).toMatchObject([{ outcome: 'recovered', manual: true }]);
    expect(view(world).attempts[0]).not.toHaveProperty('incident');
  });

  test('is granted as soon as one look has failed', () => {
    const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
    world.service('web').condition = 'failing';
    world.pass(11);
    expect(ask(world, false)).toBe('yes');
  });
});

test('the likely cause of an open incident is what it said as it ended', () => {
  const world = new VirtualWorld(servicePlan({ web: {} })).boot().pass(60);
  world.service('web').start = () => ({ exit: 7, said: 'no database at db:5432' });
  world.service('web').condition = 'dead';
  world.pass(30);
  const now = { at: world.now + world.wallShift, steady: world.now };
  const [incident] = overview(world.world, world.plan, calm(), now).incidents;
  expect(incident?.cause).toBe('It ended with exit status 7. It last said: no database at db:5432');
});

test('a share is shown with its limits', () => {
  const plan = valuePlan('disk', { check: { options: { warningPercent: 80, criticalPercent: 90 } } });
  expect(view(new VirtualWorld(plan).boot()).checks[0]?.levels).toEqual({ warningPercent: 80, criticalPercent: 90 });
  expect(view(new VirtualWorld(servicePlan({ web: {} })).boot()).checks[0]).not.toHaveProperty('levels');
});

test('two steps of one action are told apart by what they are for', () => {
  const step = (check: string): Step => ({
    ...{ action: 'rotate-log', options: {}, timeoutMs: 1_000, recovers: true, retries: 0, backoffMs: 0 },
    ...{ checks: [check], verify: 'none' },
  });
  expect(['logs:/srv/a/*.log', 'logs:/srv/b.log'].map((id) => sayStep(step(id)))).toEqual([
    'rotate its logs (/srv/a/*.log)',
    'rotate its logs (/srv/b.log)',
  ]);
});
