import { describe, expect, it } from 'vitest';
import type { Now } from '../src/core/types.ts';
import type { HistoryPoint } from '../src/store/history-slots.ts';
import { createVitals } from '../src/vitals.ts';
import { valuePlan } from './helpers/plans.ts';
import { VirtualWorld } from './helpers/virtual-world.ts';
import { past } from './page/past.ts';

const MINUTE = 60_000;
const MORNING = new Date(2026, 2, 10, 9, 0).getTime();

/** A host whose memory use is what the story says, and whose CPU is read as often as it is asked for. */
function host() {
  const world = new VirtualWorld(valuePlan('memory'));
  world.values['memory'] = { percent: 30, warning: 80, critical: 90, clear: 75 };
  world.boot().pass(1);
  let asked = 0;
  const kept: HistoryPoint[] = [];
  const vitals = createVitals({
    readCpu: async () => {
      asked += 1;
      return asked === 1 ? undefined : { busyPercent: 12.345, cores: 8, load1: 0.9049 };
    },
    plan: () => world.plan,
    world: () => world.world,
    append: (point) => kept.push(point),
  });
  const uses = (usedBytes: number) => {
    const [[check, look] = []] = Object.entries(world.world.latest);
    if (check === undefined || look === undefined) throw new Error('no look');
    const metrics = { usedBytes, totalBytes: 16e9 };
    world.world = { ...world.world, latest: { [check]: { ...look, metrics } } };
    return check;
  };
  /** The looks go on, and have no figures yet. */
  const blind = () => {
    const looks = Object.entries(world.world.latest).map(([check, look]) => [check, { ...look, metrics: {} }]);
    world.world = { ...world.world, latest: Object.fromEntries(looks) };
  };
  const at = (minutes: number): Now => {
    const steady = Math.round(minutes * MINUTE);
    return { at: MORNING + steady, steady };
  };
  return { vitals, uses, blind, at, kept, asked: () => asked };
}

describe('the figures of the host', () => {
  it('read the CPU twice at the start and then once a minute, and round what is noise', async () => {
    const { vitals, at, asked } = host();
    for (let second = 0; second <= 200; second += 1) vitals.tick(at(second / 60));
    await expect.poll(asked).toBe(5);
    expect(vitals.view()).toEqual({ cpu: { busyPercent: 12.3, cores: 8, load1: 0.9 } });
  });

  it('keep of the CPU a point a minute, and none where it could not be read', async () => {
    const { vitals, at, kept } = host();
    for (let second = 0; second <= 200; second += 1) vitals.tick(at(second / 60));
    await expect.poll(() => kept.length).toBe(4);
    const seconds = kept.map((point) => (point.at - MORNING) / 1000);
    expect(seconds).toEqual([5, 65, 125, 185]);
    expect(kept[0]).toEqual({ check: 'cpu', at: MORNING + 5_000, status: 'ok', value: 12.3 });
  });

  it('keep the highest use of memory since midnight', () => {
    const { vitals, uses, at } = host();
    for (const [minute, bytes] of [5e9, 7.9e9, 6e9].entries()) {
      uses(bytes);
      vitals.tick(at(minute + 1));
    }
    expect(vitals.view().memory).toEqual({ peakTodayBytes: 7.9e9 });
    uses(4e9);
    vitals.tick(at(16 * 60));
    expect(vitals.view().memory).toEqual({ peakTodayBytes: 4e9 });
  });

  it('learn from the history what was before this life of the daemon', () => {
    const { vitals, uses, at } = host();
    const check = uses(5e9);
    vitals.tick(at(1));
    const [target] = past(at(2).at).targets;
    if (target === undefined) throw new Error('no target');
    const series = [{ check, unit: 'percent', t0: 0, stepMs: 1, values: [1], mostToday: 50 } as const];
    vitals.learn({ ...past(at(2).at), targets: [{ ...target, id: 'memory', series }] });
    expect(vitals.view().memory).toEqual({ peakTodayBytes: 8e9 });
    vitals.learn(past(at(3).at));
    expect(vitals.view().memory).toEqual({ peakTodayBytes: 8e9 });
  });

  it('keep what the history says until the first look has said of how much it is a share', () => {
    const { vitals, uses, blind, at } = host();
    const check = uses(5e9);
    const [target] = past(at(0).at).targets;
    if (target === undefined) throw new Error('no target');
    const series = [{ check, unit: 'percent', t0: 0, stepMs: 1, values: [1], mostToday: 50 } as const];
    blind();
    vitals.learn({ ...past(at(0).at), targets: [{ ...target, id: 'memory', series }] });
    expect(vitals.view().memory).toBeUndefined();
    uses(5e9);
    vitals.tick(at(1));
    expect(vitals.view().memory).toEqual({ peakTodayBytes: 8e9 });
  });
});
