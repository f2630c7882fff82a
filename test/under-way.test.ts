import { expect, it } from 'vitest';
import type { ActionOutcome } from '../src/action.ts';
import { monotonicMs } from '../src/host/clock.ts';
import { createUnderWay } from '../src/under-way.ts';

it('gives up waiting for an action that hangs long after the time of its step', async () => {
  const underWay = createUnderWay(20);
  const never = new Promise<ActionOutcome>(() => {});
  void underWay.follow({ target: 'web', action: 'restart-service', byMs: monotonicMs() }, never);
  expect(await underWay.ended()).toBe(false);
  expect(underWay.isAt('web')).toBe(true);
});

it('waits for one that broke no longer than for another', async () => {
  const underWay = createUnderWay();
  const work = underWay.follow({ target: 'web', action: 'x', byMs: monotonicMs() }, Promise.reject(new Error('broke')));
  await expect(work).rejects.toThrow('broke');
  expect(await underWay.ended()).toBe(true);
});
