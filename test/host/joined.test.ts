import { expect, test } from 'vitest';
import { joined } from '../../src/host/joined.ts';

test('callers at the same time share a run, and no run is older than its question', async () => {
  let begun = 0;
  const finish: (() => void)[] = [];
  const ask = joined(async () => {
    const number = ++begun;
    await new Promise<void>((resolve) => finish.push(resolve));
    return number;
  });
  const early = [ask(), ask(), ask()];
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  expect(begun).toBe(1);
  const late = [ask(), ask()];
  finish[0]?.();
  expect(await Promise.all(early)).toEqual([1, 1, 1]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  finish[1]?.();
  expect(await Promise.all(late)).toEqual([2, 2]);
});

test('a run that fails fails for those who asked, and the next one runs', async () => {
  let fails = true;
  const ask = joined(async () => {
    if (fails) throw new Error('no');
    return 'yes';
  });
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('no');
  fails = false;
  expect(await ask()).toBe('yes');
});
