import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acquireLock, type Lock, type LockIdentity, readLock } from '../../src/store/lock.ts';
import { runs } from '../helpers/runs.ts';
import { scratch } from './scratch.ts';

const one: LockIdentity = { pid: 101, startToken: 'boot-a:1 x%', bootId: 'boot-a' };
const two: LockIdentity = { pid: 102, startToken: 'boot-a:2', bootId: 'boot-a' };

describe('the lock of a home folder', () => {
  it('has one winner among twenty who find it stale, whatever the order of events', async () => {
    const base = scratch();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        round += 1;
        const folder = join(base, String(round));
        await acquireLock(folder, { self: one, isAlive: () => true });
        const contenders = Array.from({ length: 20 }, (_, n): LockIdentity => ({ ...two, pid: 200 + n }));
        const isAlive = (asked: LockIdentity) => scheduler.schedule(Promise.resolve(asked.pid >= 200));
        const tries = contenders.map((self) => acquireLock(folder, { self, isAlive }).catch(() => undefined));
        const results = await scheduler.waitFor(Promise.all(tries));
        const won = results.flatMap((lock, n) => (lock === undefined ? [] : [n]));
        expect(won).toHaveLength(1);
        expect(readLock(folder)?.pid).toBe(200 + Number(won[0]));
      }),
      { numRuns: runs(5) },
    );
  });

  it('never has two holders while contenders come, win, release and are slow', async () => {
    const base = scratch();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        round += 1;
        const folder = join(base, String(round));
        const pause = () => scheduler.schedule(Promise.resolve());
        const living = new Set<number>();
        let holding = 0;
        const isAlive = async (asked: LockIdentity) => {
          await pause();
          return living.has(asked.pid);
        };
        const lives = Array.from({ length: 8 }, async (_, n) => {
          await pause();
          living.add(n + 1);
          const self: LockIdentity = { pid: n + 1, startToken: 't', bootId: 'b' };
          const lock: Lock | undefined = await acquireLock(folder, { self, isAlive }).catch(() => undefined);
          if (lock !== undefined) {
            holding += 1;
            expect(holding).toBe(1);
            await pause();
            holding -= 1;
            if (n % 2 === 0) lock.release();
          }
          living.delete(n + 1);
        });
        await scheduler.waitFor(Promise.all(lives));
      }),
      { numRuns: runs(10) },
    );
  });
});
