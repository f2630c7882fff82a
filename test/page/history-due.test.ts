import { describe, expect, it } from 'vitest';
import { isHistoryDue } from '../../src/page/history-due.ts';

const MINUTE = 60_000;
const SLOT = 15 * MINUTE;
const FULL = Date.UTC(2026, 2, 10, 12, 0);

describe('when the past is read anew', () => {
  const read = (minutes: number, times = 5) => ({ at: FULL + minutes * MINUTE, steady: minutes * MINUTE, times });
  const at = (minutes: number) => ({ at: FULL + minutes * MINUTE, steady: minutes * MINUTE });

  it('is at the start, a minute after it, and then at the end of each slot', () => {
    expect(isHistoryDue(undefined, at(3), false)).toBe(true);
    expect(isHistoryDue(read(3, 1), at(3.5), false)).toBe(false);
    expect(isHistoryDue(read(3, 1), at(4), false)).toBe(true);
    expect(isHistoryDue(read(4, 2), at(14.9), false)).toBe(false);
    expect(isHistoryDue(read(4, 2), at(15), false)).toBe(true);
  });

  it('is after an incident has begun or ended, but once a minute however much happens', () => {
    expect(isHistoryDue(read(3), at(3.9), true)).toBe(false);
    expect(isHistoryDue(read(3), at(4), true)).toBe(true);
    expect(isHistoryDue(read(3), at(10), false)).toBe(false);
  });

  it('is also when the clock was set back into another slot', () => {
    expect(isHistoryDue(read(20), { at: FULL - SLOT, steady: 21 * MINUTE }, false)).toBe(true);
  });
});
