import { describe, expect, it } from 'vitest';
import { dependentsOf } from '../../src/core/children.ts';
import { figureOf } from '../../src/core/figure.ts';
import { overview, type Surroundings } from '../../src/core/overview.ts';
import type { Result } from '../../src/core/types.ts';
import { servicePlan, UNHURRIED } from '../helpers/plans.ts';
import { VirtualWorld } from '../helpers/virtual-world.ts';
import { calm } from '../page/snapshots.ts';

const MINUTE = 60_000;

describe('what an opened row and an incident are told beside the verdict', () => {
  const noStart = { ...UNHURRIED, noStart: true };
  const world = new VirtualWorld(
    servicePlan({
      database: noStart,
      hub: { ...noStart, parents: ['database'] },
      web: { ...noStart, parents: ['hub'] },
      alone: noStart,
    }),
  )
    .boot()
    .pass(60);
  world.service('database').condition = 'dead';
  world.pass(60);
  const now = { at: world.now + world.wallShift, steady: world.now };
  const surroundings: Surroundings = calm(now.at);
  const began = Object.values(world.world.state.incidents)[0]?.started.at ?? 0;
  const newest = { check: 'hub:http', at: now.at, status: 'ok', message: 'answers in 5 ms' } as const;
  const seen = overview(world.world, world.plan, surroundings, now, {
    recent: (target) => (target === 'hub' ? [newest] : []),
    changes: [
      { at: began - 31 * MINUTE, text: 'long before' },
      { at: began - 30 * MINUTE, text: 'The host was booted' },
      { at: began, text: 'The config was changed' },
      { at: began + 1, text: 'after it' },
    ],
  });
  const target = (id: string) => seen.targets.find((one) => one.id === id);

  it('is who depends on it', () => {
    expect([target('database'), target('hub'), target('web')].map((one) => one?.children)).toEqual([
      ['hub'],
      ['web'],
      undefined,
    ]);
    expect(seen.incidents.find((one) => one.target === 'database')?.affects).toEqual(['hub', 'web']);
  });

  it('is each dependent once, also where they depend on each other in a circle', () => {
    const circle = new Map([
      ['a', ['b', 'c']],
      ['b', ['c', 'a']],
      ['c', ['a']],
    ]);
    expect(dependentsOf(circle, 'a')).toEqual(['b', 'c']);
    expect(dependentsOf(circle, 'nobody')).toEqual([]);
  });

  it('is the newest results', () => {
    expect(target('hub')?.recent).toEqual([newest]);
    expect(target('web')).not.toHaveProperty('recent');
  });

  it('is what changed on the host in the half hour before', () => {
    expect(seen.incidents[0]?.changedBefore?.map(({ text }) => text)).toEqual([
      'The host was booted',
      'The config was changed',
    ]);
    expect(overview(world.world, world.plan, surroundings, now).incidents[0]).not.toHaveProperty('changedBefore');
  });
});

describe('the figure of a look', () => {
  const look = (status: Result['status'], metrics: Result['metrics']) =>
    figureOf({ check: 'hub:http', at: 7, status, metrics } as Result)?.value;

  it('is the time of a good reply, or a used share, good or bad', () => {
    expect(look('ok', { replyMs: 12.5, status: 200 })).toBe(12.5);
    expect(look('critical', { replyMs: 3, status: 503 })).toBeUndefined();
    expect(look('critical', { usedPercent: 98 })).toBe(98);
    expect(look('ok', { cpuMs: 5 })).toBeUndefined();
  });
});
