import { describe, expect, it } from 'vitest';
import { countLost, countReplaced, patienceOf } from '../../src/core/ends.ts';
import type { Attempt } from '../../src/core/state.ts';
import { setTarget, type Turn, targetOf } from '../../src/core/turn.ts';
import type { Result } from '../../src/core/types.ts';
import { servicePlan } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';

const MINUTE = 60_000;
const uncleanEnds = { most: 2, windowMs: 10 * MINUTE, patienceMs: 30 * MINUTE };

/** A minute of a service that is well, or of one that died. */
function aTurn(condition: 'up' | 'dead' = 'up') {
  const world = new VirtualWorld(
    servicePlan({ web: { mode: condition === 'up' ? 'act' : 'observe', policy: { uncleanEnds } } }),
  )
    .boot()
    .pass(60);
  world.service('web').condition = condition;
  world.pass(20);
  const { state, latest } = world.world;
  const turn: Turn = {
    state,
    latest,
    plan: world.plan,
    now: { at: world.now, steady: world.now },
    effects: [],
    stopping: false,
  };
  const process = latest['web:process'];
  if (process === undefined) throw new Error('its process was not looked at');
  return { world, turn, process, ends: () => targetOf(turn, 'web').uncleanEnds };
}

describe('an end is counted', () => {
  const gone = (seen: Result, more: Partial<Result> = {}): Result => {
    const { process: _, ...rest } = seen;
    return { ...rest, look: seen.look + 1, status: 'critical', evidence: 'definite', reason: 'gone', ...more };
  };

  it('when its process is gone for sure, and not when it only seems so', () => {
    const { turn, process, ends } = aTurn();
    countLost(turn, gone(process, { evidence: 'suspect' }));
    expect(ends()).toEqual([]);
    countLost(turn, gone(process));
    expect(ends()).toHaveLength(1);
  });

  it('when an act put another in its place, and not when it was dead before', () => {
    const alive = aTurn();
    countReplaced(alive.turn, 'web', { pid: 77, startToken: 'x' });
    expect(alive.ends()).toHaveLength(1);
    countReplaced(alive.turn, 'web', alive.turn.state.targets['web']?.tracked);
    expect(alive.ends()).toHaveLength(1);
    const dead = aTurn('dead');
    const before = dead.ends().length;
    setTarget(dead.turn, 'web', { uncleanEnds: [] });
    countReplaced(dead.turn, 'web', { pid: 77, startToken: 'x' });
    expect([before, dead.ends().length]).toEqual([1, 0]);
  });
});

describe('it is left in peace', () => {
  const attempt = (steady: number, reason: Attempt['reason']) =>
    ({ reason, started: { at: steady, steady } }) as Attempt;
  const forced = (turn: Turn, reason: Attempt['reason'] = 'silent') =>
    setTarget(turn, 'web', { attempts: [attempt(turn.now.steady - 1, reason), attempt(turn.now.steady, reason)] });
  const ended = (turn: Turn, count: number) =>
    setTarget(turn, 'web', {
      uncleanEnds: Array.from({ length: count }, (_, at) => ({ pid: at + 1, startToken: 'x', at: turn.now.steady })),
    });

  it('after two ends by force, when it would be a third; other attempts end nothing by force', () => {
    const { turn } = aTurn();
    forced(turn);
    expect(patienceOf(turn, 'web', 'silent')).toBe(turn.now.steady - 1 + 5 * MINUTE);
    // A leak is ended in order, and what is dead is only started.
    expect(patienceOf(turn, 'web', 'over-limit')).toBeUndefined();
    expect(patienceOf(aTurn('dead').turn, 'web', 'gone')).toBeUndefined();
    forced(turn, 'over-limit');
    expect(patienceOf(turn, 'web', 'silent')).toBeUndefined();
  });

  it('after as many ends as it may have, when it lives; what is dead may be started once more', () => {
    const { turn } = aTurn();
    ended(turn, 2);
    expect(patienceOf(turn, 'web', 'over-limit')).toBe(turn.now.steady + 30 * MINUTE);
    // It is said to be gone, and seen alive: it would be ended.
    expect(patienceOf(turn, 'web', 'gone')).toBe(turn.now.steady + 30 * MINUTE);
    const dead = aTurn('dead').turn;
    ended(dead, 2);
    expect(patienceOf(dead, 'web', 'gone')).toBeUndefined();
    ended(dead, 3);
    expect(patienceOf(dead, 'web', 'gone')).toBe(dead.now.steady + 30 * MINUTE);
  });

  it('until both allow it, where both forbid it', () => {
    const { turn } = aTurn();
    const { steady } = turn.now;
    const long = [1, 2].map((pid) => ({ pid, startToken: 'x', at: steady - 29 * MINUTE }));
    setTarget(turn, 'web', { uncleanEnds: long });
    forced(turn);
    expect(patienceOf(turn, 'web', 'silent')).toBe(steady - 1 + 5 * MINUTE);
    setTarget(turn, 'web', { uncleanEnds: long.map((one) => ({ ...one, at: steady })) });
    expect(patienceOf(turn, 'web', 'silent')).toBe(steady + 30 * MINUTE);
  });
});

describe('an owner that will restart it', () => {
  it('does not say that its end was wished', () => {
    const { world } = aTurn();
    const owner = { kind: 'systemd', scope: 'user', unit: 'web.service' } as const;
    world.owners['web'] = {
      owner,
      says: () => ({ found: [{ kind: 'owner', text: 'systemd restarts it', forMs: 60_000 }] }),
    };
    world.service('web').condition = 'dead';
    world.pass(30);
    expect(world.world.state.targets['web']?.uncleanEnds).toHaveLength(1);
  });
});
