import { describe, expect, it } from 'vitest';
import type { Result } from '../src/core/types.ts';
import { createRecent } from '../src/recent.ts';

const look = (check: string, at: number, message: string, status: Result['status'] = 'ok'): Result => ({
  check,
  target: 'hub',
  look: at,
  status,
  evidence: 'suspect',
  reason: 'fine',
  message,
  silent: false,
  metrics: {},
  at,
  steady: at,
  tookMs: 1,
});

describe('the newest results of a target', () => {
  it('are five, newest first', () => {
    const recent = createRecent();
    for (let n = 1; n <= 7; n += 1) recent.add(look('hub:http', n, `answers in ${n} ms`), 10_000);
    expect(recent.of('hub').map(({ at }) => at)).toEqual([7, 6, 5, 4, 3]);
    expect(recent.of('hub')[0]).toEqual({ check: 'hub:http', at: 7, status: 'ok', message: 'answers in 7 ms' });
    expect(recent.of('other')).toEqual([]);
  });

  it('hold a check that is looked at all the time once for as long as it says the same', () => {
    const recent = createRecent();
    for (let n = 1; n <= 20; n += 1) {
      recent.add(look('hub:process', n, n < 15 ? 'pid 8 is alive' : 'pid 9 is alive'), 250);
      if (n % 5 === 0) recent.add(look('hub:http', n, 'answers'), 10_000);
    }
    expect(recent.of('hub').map(({ check, at }) => `${check} ${at}`)).toEqual([
      'hub:http 20',
      'hub:process 20',
      'hub:http 15',
      'hub:process 14',
      'hub:http 10',
    ]);
  });

  it('are cut, as they may quote anything', () => {
    const recent = createRecent();
    recent.add(look('hub:http', 1, 'x'.repeat(5_000)), 10_000);
    expect(recent.of('hub')[0]?.message).toHaveLength(200);
  });
});
