import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckPlan, Plan } from '../src/core/plan.ts';
import { createScheduler } from '../src/scheduler.ts';
import { check, servicePlan } from './helpers/plans.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'hrtime', 'Date'] }));
afterEach(() => void vi.useRealTimers());

function planOf(...checks: readonly CheckPlan[]): Plan {
  return { ...servicePlan({}), checks: Object.fromEntries(checks.map((one) => [one.id, one])) };
}
const every = (id: string, everyMs: number) => check(id, id, 'tcp', { everyMs });

/** A scheduler whose looks come back when they are told to, or at once. */
function looking(stuck: readonly string[] = []) {
  const begun: string[] = [];
  const under = new Map<string, () => void>();
  let overlaps = 0;
  const scheduler = createScheduler(({ id }) => {
    begun.push(id);
    if (under.has(id)) overlaps += 1;
    if (!stuck.includes(id)) return undefined;
    return new Promise<void>((resolve) => {
      under.set(id, () => {
        under.delete(id);
        resolve();
      });
    });
  });
  const count = (id: string) => begun.filter((one) => one === id).length;
  return { scheduler, count, overlaps: () => overlaps, comeBack: (id: string) => under.get(id)?.() };
}

describe('a check that does not come back', () => {
  it('delays no other, and is not asked a second time meanwhile', async () => {
    const { scheduler, count, overlaps } = looking(['stuck']);
    scheduler.use(planOf(every('stuck', 1_000), every('a', 1_000), every('b', 250)));
    await vi.advanceTimersByTimeAsync(60_000);
    scheduler.lookSoon(['stuck'], 0);
    await vi.advanceTimersByTimeAsync(1_000);
    scheduler.stop();
    expect(count('stuck')).toBe(1);
    expect(count('a')).toBeGreaterThanOrEqual(60);
    expect(count('b')).toBeGreaterThanOrEqual(240);
    expect(overlaps()).toBe(0);
  });

  it('is looked at again in its rhythm once it came back, and what was missed is not caught up', async () => {
    const { scheduler, count, overlaps, comeBack } = looking(['slow']);
    scheduler.use(planOf(every('slow', 1_000)));
    await vi.advanceTimersByTimeAsync(30_500);
    comeBack('slow');
    await vi.advanceTimersByTimeAsync(1);
    expect(count('slow')).toBeLessThanOrEqual(2);
    comeBack('slow');
    await vi.advanceTimersByTimeAsync(1_000);
    scheduler.stop();
    expect(count('slow')).toBeLessThanOrEqual(3);
    expect(count('slow')).toBeGreaterThanOrEqual(2);
    expect(overlaps()).toBe(0);
  });

  it('is not asked a second time when the plan changes meanwhile', async () => {
    const { scheduler, count, overlaps, comeBack } = looking(['stuck']);
    scheduler.use(planOf(every('stuck', 1_000)));
    await vi.advanceTimersByTimeAsync(10);
    scheduler.use(planOf(every('stuck', 1_000), every('a', 1_000)));
    scheduler.use(planOf(every('stuck', 5_000)));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(count('stuck')).toBe(1);
    comeBack('stuck');
    await vi.advanceTimersByTimeAsync(5_100);
    scheduler.stop();
    expect(count('stuck')).toBe(2);
    expect(overlaps()).toBe(0);
  });

  it('is not asked a second time when it left the plan and joined it again', async () => {
    const { scheduler, count, overlaps } = looking(['stuck']);
    scheduler.use(planOf(every('stuck', 1_000)));
    await vi.advanceTimersByTimeAsync(10);
    scheduler.use(planOf(every('a', 1_000)));
    scheduler.use(planOf(every('a', 1_000), every('stuck', 1_000)));
    await vi.advanceTimersByTimeAsync(5_000);
    scheduler.stop();
    expect(count('stuck')).toBe(1);
    expect(overlaps()).toBe(0);
  });
});

it('a wish for an early look during a look is fulfilled right after it, once', async () => {
  const { scheduler, count, comeBack } = looking(['web']);
  scheduler.use(planOf(every('web', 60_000)));
  await vi.advanceTimersByTimeAsync(10);
  expect(count('web')).toBe(1);
  scheduler.lookSoon(['web'], 0);
  scheduler.lookSoon(['web'], 0);
  scheduler.lookSoon(['nobody'], 0);
  await vi.advanceTimersByTimeAsync(50);
  expect(count('web')).toBe(1);
  comeBack('web');
  await vi.advanceTimersByTimeAsync(10);
  expect(count('web')).toBe(2);
  comeBack('web');
  await vi.advanceTimersByTimeAsync(100);
  scheduler.stop();
  expect(count('web')).toBe(2);
});

it('looks at nothing after the end', async () => {
  const { scheduler, count } = looking();
  scheduler.use(planOf(every('web', 250)));
  await vi.advanceTimersByTimeAsync(300);
  scheduler.stop();
  const before = count('web');
  scheduler.lookSoon(['web'], 0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(count('web')).toBe(before);
});

describe('how late it is', () => {
  it('is nothing in its rhythm, whatever a look that is under way does, and is seen when nothing is begun', async () => {
    const { scheduler } = looking(['stuck']);
    scheduler.use(planOf(every('stuck', 1_000), every('a', 10_000)));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scheduler.overdueMs()).toBeLessThan(10);
    scheduler.stop();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(scheduler.overdueMs()).toBeGreaterThanOrEqual(20_000);
  });
});
