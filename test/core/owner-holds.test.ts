import { describe, expect, test } from 'vitest';
import { overview } from '../../src/core/overview.ts';
import type { Owner } from '../../src/core/owner.ts';
import { type ServiceSketch, servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

const RESTART = 'attempt web restart-service';
const BRING_UP = 'bring-up web restart-service';
const owner: Owner = { kind: 'systemd', scope: 'user', unit: 'web.service' };
const target = (world: VirtualWorld) => world.world.state.targets['web'];
const ruling = (world: VirtualWorld) => target(world)?.rulings[0];

type Says = VirtualWorld['owners'][string]['says'];
const QUIET: Says = () => ({ found: [] });
const BY_PERSON: Says = () => ({
  found: [{ kind: 'stopped-by-person', text: 'web.service was stopped by a person', forMs: 600_000 }],
});

function owned(says: Says = QUIET, sketch: ServiceSketch = {}): VirtualWorld {
  const world = new VirtualWorld(servicePlan({ web: sketch }));
  world.owners['web'] = { owner, says };
  return world.boot().pass(60);
}

/** An owner that starts it again so long after its end. */
function restartsAfter(world: VirtualWorld, seconds: number): void {
  const actsAt = world.now + seconds * 1_000;
  const waits: Says = () => ({
    found:
      world.now < actsAt
        ? [{ kind: 'owner', text: 'web.service was ended by SIGKILL', forMs: actsAt - world.now + 2_000 }]
        : [],
  });
  world.owners['web'] = { owner, says: waits };
}

describe('an owner that restarts it by itself', () => {
  test.each([1, 5, 30])('gets its own delay first (%f s), and nothing is done twice', (seconds) => {
    const world = owned();
    world.service('web').condition = 'dead';
    restartsAfter(world, seconds);
    world.pass(seconds);
    expect(ruling(world)).toMatchObject({ code: 'hold-owner', text: expect.stringContaining('ended by SIGKILL') });
    world.replaced('web', 'up', 7_000);
    world.pass(60);
    expect(world.times(RESTART)).toEqual([]);
    expect(target(world)).toMatchObject({ incident: undefined, tracked: { pid: 7_000, owner } });
    expect(world.alerts).toEqual([]);
  });

  test('that does not do what it said is asked to, as soon as its time is over', () => {
    const world = owned();
    world.service('web').condition = 'dead';
    restartsAfter(world, 5);
    const before = world.t;
    world.pass(30);
    const [first = 0] = world.times(RESTART);
    expect(first - before).toBeGreaterThanOrEqual(7);
    expect(first - before).toBeLessThan(10);
  });

  test('that needs long is told of: it is down, whoever is at it', () => {
    const world = owned();
    world.service('web').condition = 'dead';
    restartsAfter(world, 300);
    world.pass(60);
    expect(world.alerts.map((alert) => alert.kind)).toEqual(['opened']);
    expect(world.times(RESTART)).toEqual([]);
  });
});

describe('what a person has stopped', () => {
  test('is left so, without an end and without an alert', () => {
    const world = owned(QUIET, UNHURRIED);
    world.service('web').condition = 'dead';
    world.owners['web'] = { owner, says: BY_PERSON };
    world.pass(3 * 3_600);
    expect(world.times(RESTART)).toEqual([]);
    expect(world.alerts).toEqual([]);
    expect(ruling(world)).toMatchObject({ code: 'hold-person', text: expect.stringContaining('stopped by a person') });
    expect(ruling(world)?.until).toBeUndefined();
  });

  test('is not brought up either when the daemon starts', () => {
    const world = owned(QUIET, UNHURRIED);
    world.service('web').condition = 'dead';
    world.owners['web'] = { owner, says: BY_PERSON };
    world.boot().pass(3_600);
    expect(world.times(BRING_UP)).toEqual([]);
    expect(world.alerts).toEqual([]);
  });

  test('is promised no attempt, not even while the limits would make it wait anyway', () => {
    const world = owned();
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(world.times(RESTART)).toHaveLength(1);
    world.owners['web'] = { owner, says: BY_PERSON };
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(target(world)?.rulings.map(({ code }) => code)).not.toContain('limit-cooldown');
    const now = { at: world.now + world.wallShift, steady: world.now };
    const { verdict, incidents, targets } = overview(world.world, world.plan, calm(now.at), now);
    const left = 'It is left so until you start it: systemctl --user start web.service';
    expect(verdict.headline).toBe('web is stopped');
    expect(incidents[0]?.next).toBe(`web.service was stopped by a person. ${left}`);
    expect(targets[0]?.limits.nextAttemptAt).toBeUndefined();
  });

  test('and wants back by hand is started', () => {
    const world = owned();
    world.service('web').condition = 'dead';
    world.owners['web'] = { owner, says: BY_PERSON };
    world.pass(600);
    const wish = { type: 'recover', target: 'web', playbook: undefined, force: false } as const;
    const runs: unknown[] = [];
    world.onEffects = (effects) => runs.push(...effects.filter((effect) => effect.type === 'run'));
    world.send({ type: 'asked', request: 1, by: 'ada', wish });
    expect(runs).toMatchObject([{ asked: true, owner }]);
  });
});

describe('a refused configuration that its owner tells of', () => {
  const REFUSED: Says = () => ({ found: [], ended: { exitCode: 78, signal: undefined, lastLines: ['bad key'] } });

  test('is told at once and never looped on', () => {
    const world = owned(QUIET, UNHURRIED);
    world.service('web').condition = 'dead';
    world.owners['web'] = { owner, says: REFUSED };
    world.pass(3 * 3_600);
    expect(world.times(RESTART)).toEqual([]);
    expect(world.alerts[0]).toMatchObject({ kind: 'failed' });
    expect(world.alerts[0]?.evidence.slice(1)).toEqual(['It ended with exit status 78.', 'bad key']);
  });

  test('is not brought up either', () => {
    const world = owned(QUIET, UNHURRIED);
    world.service('web').condition = 'dead';
    world.owners['web'] = { owner, says: REFUSED };
    world.boot().pass(3_600);
    expect(world.times(BRING_UP)).toEqual([]);
    expect(world.alerts[0]?.kind).toBe('failed');
  });
});

test('a refused configuration is tried anew when it has changed, though its owner still tells of that end', () => {
  let ended: ReturnType<Says>['ended'] = { exitCode: 78, signal: undefined, lastLines: [] };
  const world = owned(() => ({ found: [], ...(ended !== undefined && { ended }) }), UNHURRIED);
  const web = world.service('web');
  const change = (fingerprint: string) => {
    world.plan = servicePlan({ web: { ...UNHURRIED, fingerprint } });
    world.send({ type: 'plan-changed' });
    world.pass(120);
  };
  web.condition = 'dead';
  web.start = () => ({ exit: 78 });
  world.pass(600);
  expect(web.starts).toBe(0);
  change('2');
  expect(web.starts).toBe(1);
  world.pass(3_600);
  expect(web.starts).toBe(1);
  web.start = () => {
    ended = undefined;
    return 'up';
  };
  change('3');
  expect(web.starts).toBe(2);
  expect(target(world)?.incident).toBeUndefined();
  expect(world.alerts.map(({ kind }) => kind)).toEqual(['failed', 'reminder', 'resolved']);
});

test('what its owner kept of its last words is told, also in a later trouble that ends alike', () => {
  const said: Says = () => ({ found: [], ended: { exitCode: 7, signal: undefined, lastLines: ['no disk'] } });
  const world = owned(said, UNHURRIED);
  world.service('web').start = () => 'leaves';
  const story = [
    ['dead', 600],
    ['up', 3_700],
    ['dead', 600],
  ] as const;
  for (const [condition, seconds] of story) {
    world.service('web').condition = condition;
    world.pass(seconds);
  }
  const told = world.alerts.filter(({ kind }) => kind === 'opened');
  expect(told.map(({ evidence }) => evidence.slice(1, 3))).toEqual([
    ['It ended with exit status 7.', 'no disk'],
    ['It ended with exit status 7.', 'no disk'],
  ]);
});

describe('a service without a start command', () => {
  const plan = servicePlan({ web: {} });
  const web = plan.targets['web'];
  if (web === undefined) throw new Error('no web');
  const needsOwner = { ...plan, targets: { web: { ...web, needsOwner: true, because: 'nobody is known' } } };

  test('is only watched while nobody is known to own it', () => {
    const world = new VirtualWorld(needsOwner).boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(600);
    expect(world.times(RESTART)).toEqual([]);
    expect(ruling(world)).toMatchObject({
      code: 'nothing-may-be-done',
      text: expect.stringContaining('nobody is known'),
    });
  });

  test('is recovered through the owner its process was found under', () => {
    const world = new VirtualWorld(needsOwner);
    world.owners['web'] = { owner, says: QUIET };
    world.boot().pass(60);
    world.service('web').condition = 'dead';
    world.pass(5);
    expect(world.times(RESTART)).toHaveLength(1);
  });
});
