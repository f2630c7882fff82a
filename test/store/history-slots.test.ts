import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/core/types.ts';
import { readPoint, readSlot, writePoint, writeSlot } from '../../src/store/history-lines.ts';
import { coarser, evenly, type HistoryPoint, slotsOf } from '../../src/store/history-slots.ts';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** A timeline, one letter a minute: `.` ok, `w` warning, `c` critical, `?` unknown, `i` idle, ` ` not looked. */
function points(line: string, from = 0): HistoryPoint[] {
  const status: Record<string, Status> = { '.': 'ok', w: 'warning', c: 'critical', '?': 'unknown', i: 'idle' };
  return [...line].flatMap((letter, n) => {
    const found = status[letter];
    return found === undefined ? [] : [{ check: 'hub:http', at: from + n * MINUTE, status: found, value: n }];
  });
}

const slots = (line: string, to = QUARTER) => slotsOf(points(line), { from: 0, to, slotMs: QUARTER });

describe('a 15-minute slot', () => {
  it.each([
    // timeline          worst        down  warning  known (minutes)
    ['...............', 'ok', 0, 0, 15],
    ['.....cc........', 'critical', 2, 0, 15],
    ['..ww...........', 'warning', 0, 2, 15],
    ['..???..........', 'unknown', 0, 0, 12],
    ['iiiiiiiiiiiiiii', 'idle', 0, 0, 0],
    // A point stands for three minutes; then we were not looking.
    ['.              ', 'ok', 0, 0, 3],
    ['.         c    ', 'critical', 3, 0, 6],
  ] as const)('%s is %s', (line, worst, down, warning, known) => {
    expect(slots(line)).toMatchObject([
      { from: 0, to: QUARTER, worst, downMs: down * MINUTE, warningMs: warning * MINUTE, knownMs: known * MINUTE },
    ]);
  });

  it('sums values', () => {
    expect(slots('...............')).toMatchObject([{ values: 15, mean: 7, least: 0, most: 14 }]);
  });

  it('begins with what stood before it', () => {
    const before = slotsOf(points('c              .'), { from: QUARTER, to: 2 * QUARTER, slotMs: QUARTER });
    expect(before).toMatchObject([{ worst: 'ok', downMs: 0, knownMs: 3 * MINUTE, values: 1 }]);
    const into = slotsOf(points('cccccccccccccc'), { from: QUARTER - 1, to: 2 * QUARTER, slotMs: QUARTER });
    expect(into.map(({ downMs }) => downMs)).toEqual([1, MINUTE]);
  });

  it('lets a slow check stand for three of its rounds', () => {
    const slow = [{ check: 'disk:/', at: 0, status: 'ok', everyMs: 5 * MINUTE } as const];
    expect(slotsOf(slow, { from: 0, to: QUARTER, slotMs: QUARTER })).toMatchObject([{ knownMs: QUARTER }]);
  });
});

const anyPoint = fc.record({
  check: fc.constantFrom('hub:http', 'disk:/', 'größe:tcp'),
  at: fc.integer({ min: 0, max: 20 * QUARTER }),
  status: fc.constantFrom<Status>('ok', 'warning', 'critical', 'unknown', 'idle'),
  value: fc.integer({ min: 0, max: 5000 }),
});

describe('whatever the points', () => {
  const range = { from: 0, to: 20 * QUARTER };

  it('a slot never holds more time than it has', () => {
    fc.assert(
      fc.property(fc.array(anyPoint), (some) => {
        for (const slot of slotsOf(some, { ...range, slotMs: QUARTER })) {
          expect(slot.downMs + slot.warningMs).toBeLessThanOrEqual(slot.knownMs);
          expect(slot.knownMs).toBeLessThanOrEqual(QUARTER);
        }
      }),
    );
  });

  it('summing twice gives the same as summing once', () => {
    fc.assert(
      fc.property(fc.array(anyPoint), (some) => {
        const direct = slotsOf(some, { ...range, slotMs: 4 * QUARTER });
        const twice = coarser(slotsOf(some, { ...range, slotMs: QUARTER }), evenly(4 * QUARTER));
        const rounded = (list: typeof direct) => list.map((slot) => ({ ...slot, mean: slot.mean?.toFixed(6) }));
        expect(rounded(twice)).toEqual(rounded(direct));
      }),
    );
  });

  it('lines read back as they were written, and any other text gives nothing or a point', () => {
    fc.assert(
      fc.property(fc.array(anyPoint), fc.string(), (some, text) => {
        expect(some.map((point) => readPoint(writePoint(point)))).toEqual(some);
        const made = slotsOf(some, { ...range, slotMs: QUARTER });
        const back = made.map((slot) => readSlot(writeSlot(slot), evenly(QUARTER)));
        expect(back.map((slot) => ({ ...slot, mean: 0 }))).toEqual(made.map((slot) => ({ ...slot, mean: 0 })));
        expect(() => [readPoint(text), readSlot(text, evenly(QUARTER))]).not.toThrow();
      }),
    );
  });
});
