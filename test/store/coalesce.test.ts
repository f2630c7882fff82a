import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesce } from '../../src/store/coalesce.ts';

describe('saving often', () => {
  it('writes the first and the last of many values that come at once', async () => {
    const written: number[] = [];
    const save = coalesce(async (value: number) => {
      written.push(value);
    });
    await Promise.all(Array.from({ length: 100 }, (_, n) => save(n)));
    expect(written).toEqual([0, 99]);
  });

  it('fails those whose value was not written, and goes on', async () => {
    const save = coalesce(async (value: string) => {
      if (value === 'bad') throw new Error('no room');
    });
    await expect(save('bad')).rejects.toThrow('no room');
    await expect(save('good')).resolves.toBeUndefined();
  });

  it('never says saved before this value or a newer one was written, whatever the order of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (scheduler, count) => {
        let written = -1;
        let writing = 0;
        const save = coalesce(async (value: number) => {
          writing += 1;
          expect(writing).toBe(1);
          await scheduler.schedule(Promise.resolve());
          expect(value).toBeGreaterThan(written);
          written = value;
          writing -= 1;
        });
        const saves = Array.from({ length: count }, (_, n) => n).map(async (n) => {
          await scheduler.schedule(Promise.resolve());
          const value = last + 1;
          last = value;
          await save(value);
          expect(written).toBeGreaterThanOrEqual(value);
          return n;
        });
        let last = -1;
        await scheduler.waitFor(Promise.all(saves));
        expect(written).toBe(count - 1);
      }),
      { numRuns: 50 },
    );
  });
});
