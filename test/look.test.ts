import { expect, it, vi } from 'vitest';
import type { Assessment, LookContext } from '../src/check.ts';
import type { TrackedProcess } from '../src/core/types.ts';
import { lookOnce } from '../src/look.ts';
import { check } from './helpers/plans.ts';

const seen = { look: 7, tracked: undefined, now: { at: 1_000, steady: 50 } };
const plan = check('web:http', 'web', 'http', { timeoutMs: 10_000 });

it('puts what a check says into its envelope', async () => {
  const result = await lookOnce(plan, { look: async () => ({ status: 'ok', reason: 'fine', message: 'well' }) }, seen);
  expect(result).toMatchObject({
    check: 'web:http',
    target: 'web',
    look: 7,
    status: 'ok',
    evidence: 'suspect',
    silent: false,
    at: 1_000,
    steady: 50,
  });
});

it('says whom it took for the service where it found that one gone, or another', async () => {
  const facts = { startToken: 'x', command: 'app', cwd: '/', hadTerminal: false, proven: true, ownGroup: undefined };
  const old = { ...facts, pid: 1 };
  const young = { ...facts, pid: 2 };
  const begunWith = async (assessment: Assessment, tracked: TrackedProcess | undefined) =>
    (await lookOnce(plan, { look: async () => assessment }, { ...seen, tracked })).begunWith;
  const alive = { status: 'ok', reason: 'fine', message: 'lives', process: young } as const;
  expect(await begunWith(alive, young)).toBeUndefined();
  expect(await begunWith(alive, undefined)).toBe('nobody');
  expect(await begunWith(alive, old)).toEqual({ pid: 1, startToken: 'x' });
  expect(await begunWith({ status: 'critical', reason: 'gone', message: 'gone' }, old)).toMatchObject({ pid: 1 });
});

it('a check that never returns is called off at its deadline, is unknown, and no trouble of the service', async () => {
  vi.useFakeTimers();
  try {
    let given: LookContext | undefined;
    const stuck = (_: object, context: LookContext) => {
      given = context;
      return new Promise<never>(() => {});
    };
    let result: Awaited<ReturnType<typeof lookOnce>> | undefined;
    void lookOnce(plan, { look: stuck }, seen).then((one) => {
      result = one;
    });
    expect(given?.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(11_999);
    expect(result).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(result).toMatchObject({ status: 'unknown', evidence: 'suspect', reason: 'cannot-look', silent: false });
    expect(result?.message).toBe('the look did not come back within 12 s');
    expect(given?.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('what comes back, or breaks, after the deadline is dropped', async () => {
  let late: (error: Error) => void = () => {};
  const slow = () =>
    new Promise<never>((_, reject) => {
      late = reject;
    });
  const result = await lookOnce({ ...plan, timeoutMs: -1_999 }, { look: slow }, seen);
  expect(result.status).toBe('unknown');
  late(new Error('too late'));
  await new Promise(setImmediate); // an unhandled rejection would fail the run
});

it.each([
  ['rejects', () => Promise.reject(new Error('no permission'))],
  [
    'throws',
    () => {
      throw new Error('no permission');
    },
  ],
])('a check that %s could not look', async (_, look) => {
  expect(await lookOnce(plan, { look }, seen)).toMatchObject({
    status: 'unknown',
    reason: 'cannot-look',
    message: 'no permission',
  });
});
