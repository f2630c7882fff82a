import { describe, expect, test } from 'vitest';
import { flapShare, isFlapping, remember } from '../../src/core/flapping.ts';
import type { CheckState } from '../../src/core/state.ts';
import type { Result } from '../../src/core/types.ts';
import { fold, freshCheck } from '../../src/core/verdict.ts';
import { check } from '../helpers/plans.ts';

const LOOKS: Record<string, Partial<Result>> = {
  '.': { status: 'ok', reason: 'fine' },
  c: { status: 'critical', reason: 'failing' },
  g: { status: 'critical', reason: 'gone', evidence: 'definite' },
  s: { status: 'critical', reason: 'silent', silent: true },
  w: { status: 'warning', reason: 'over-limit' },
  '?': { status: 'unknown', reason: 'cannot-look' },
  m: { status: 'ok', reason: 'fine', clear: false },
};
const SHOWN = { ok: '.', critical: '!', warning: 'w', unknown: '?', idle: '-' } as const;

/** Folds a row of looks, `everyMs` apart, and shows the belief after each: `.` good, `!` confirmed bad, `-` none yet. */
function beliefs(row: string, over: Parameters<typeof check>[3] = {}, everyMs = 2_000, counting = true): string {
  const plan = check('web:http', 'web', 'http', over);
  let state: CheckState = freshCheck({ at: 0, steady: 0 });
  return [...row]
    .map((letter, index) => {
      const steady = index * everyMs;
      const seen = { evidence: 'suspect', silent: false, ...LOOKS[letter] };
      const result = {
        check: plan.id,
        target: 'web',
        look: index,
        message: '',
        metrics: {},
        at: steady,
        steady,
        tookMs: 0,
        ...seen,
      } as Result;
      state = fold(state, result, plan, counting, { at: steady, steady });
      return SHOWN[state.belief];
    })
    .join('');
}

describe('what a row of looks makes one believe', () => {
  test.each([
    ['three failed looks in a row confirm', '.ccc', '...!'],
    ['a good look between starts the row over', '.cc.ccc', '......!'],
    ['never seen well, it still takes three', 'ccc', '--!'],
    ['two good looks make it well again after suspect evidence', '.ccc..', '...!!.'],
    ['one bad look on the way back starts over', '.ccc.c..', '...!!!!.'],
    ['definite evidence takes one second read', '.gg', '..!'],
    ['one good look is enough after definite evidence', '.gg.', '..!.'],
    ['a second read that is good takes the first back', '.g.g.', '.....'],
    ['what could not be seen is unknown after three looks, never bad', '.???', '...?'],
    ['not seeing a trouble does not end it', '.ccc??', '...!!!'],
    ['not seeing does not count as a failed look', '.cc?', '...?'],
    ['nor does it help one failed look to be believed', '.??c', '....'],
    ['not seeing in between neither counts nor starts the row over', '.c?cc', '....!'],
    ['a suspect look is no second read of a definite one', '.cg', '...'],
    ['nor is one that could not see', '.g?g', '....'],
  ])('%s', (_, row, believed) => {
    expect(beliefs(row)).toBe(believed);
  });

  test('what is believed bad for a suspect reason takes a second read before it is believed gone', () => {
    const plan = check('web:process', 'web', 'process', {});
    let state = freshCheck({ at: 0, steady: 0 });
    const reasons = [...'cccgg'].map((letter, look) => {
      const steady = look * 2_000;
      const seen = { evidence: 'suspect', silent: false, metrics: {}, message: '', tookMs: 0, ...LOOKS[letter] };
      const result = { check: plan.id, target: 'web', look, at: steady, steady, ...seen } as Result;
      state = fold(state, result, plan, true, { at: steady, steady });
      return state.reason;
    });
    expect(reasons.slice(2)).toEqual(['failing', 'failing', 'gone']);
  });

  test('what cannot be seen for a day is not written down again and again', () => {
    const plan = check('web:http', 'web', 'http', {});
    let state = freshCheck({ at: 0, steady: 0 });
    const states = Array.from({ length: 6 }, (_, look) => {
      const steady = look * 10_000;
      const seen = { evidence: 'suspect', silent: false, metrics: {}, message: '', tookMs: 0, ...LOOKS['?'] };
      state = fold(state, { check: plan.id, target: 'web', look, at: steady, steady, ...seen } as Result, plan, true, {
        at: steady,
        steady,
      });
      return state;
    });
    expect(states[5]).toBe(states[2]);
  });

  test('silence must last besides: three time-outs within ten seconds are not yet a hang', () => {
    expect(beliefs('.sssss', {}, 2_000)).toBe('......');
    expect(beliefs('.sssssss', {}, 12_000)).toBe('......!!');
    expect(beliefs('.sss', { hungAfterMs: 4_000 }, 2_000)).toBe('...!');
  });

  test('an answer in between breaks the silence, even a bad one', () => {
    expect(beliefs('.ssssscss', { failureThreshold: 9 }, 12_000)).toBe('.........');
  });

  test('looks that come faster than retryEvery are not counted twice', () => {
    expect(beliefs('.cccccccc', {}, 500)).not.toContain('!!!!!!');
    expect(beliefs('.ccc', {}, 100)).toBe('....');
  });

  test('while a hold is in force suspect looks leave no strike; definite ones do', () => {
    expect(beliefs('.cccccc', {}, 2_000, false)).toBe('.......');
    expect(beliefs('.gg', {}, 2_000, false)).toBe('..!');
  });

  test('a value must be over its limit for its time, and clears lower than it trips', () => {
    expect(beliefs('.wwwwww', { forMs: 8_000 })).toBe('.....ww');
    expect(beliefs('.wwwmm.', { forMs: 4_000 })).toBe('...www.');
  });

  test('the very same state comes back when nothing changed, so that nothing is written', () => {
    const plan = check('web:http', 'web', 'http', {});
    const ok = {
      check: plan.id,
      target: 'web',
      look: 1,
      status: 'ok',
      reason: 'fine',
      evidence: 'suspect',
      silent: false,
      message: 'x',
      metrics: {},
      at: 1,
      steady: 1,
      tookMs: 0,
    } as const;
    const state = fold(freshCheck({ at: 0, steady: 0 }), ok, plan, true, { at: 1, steady: 1 });
    expect(fold(state, { ...ok, look: 2, message: 'y' }, plan, true, { at: 2, steady: 2 })).toBe(state);
  });
});

describe('flapping, with the weights of Nagios', () => {
  test('changes at every look are more than half, none is nothing, the newest weigh most', () => {
    const every = Array.from({ length: 21 }, (_, i) => i % 2);
    expect(flapShare(every)).toBeCloseTo(1, 5);
    expect(flapShare(Array(21).fill(0))).toBe(0);
    const old = [0, 1, ...Array(19).fill(1)];
    const young = [...Array(20).fill(0), 1];
    expect(flapShare(young)).toBeCloseTo(1.25 / 20, 5);
    expect(flapShare(old)).toBeCloseTo(0.75 / 20, 5);
  });

  test('it begins at half and ends at a quarter', () => {
    const half = Array.from({ length: 21 }, (_, i) => (i < 10 ? 0 : i % 2));
    expect(isFlapping(half, false)).toBe(true);
    const less = Array.from({ length: 21 }, (_, i) => (i < 14 ? 0 : i % 2));
    expect(isFlapping(less, false)).toBe(false);
    expect(isFlapping(less, true)).toBe(true);
    expect(isFlapping(Array(21).fill(0), true)).toBe(false);
  });

  test('a full row of one state stays the same object', () => {
    const row = Array(21).fill(0);
    expect(remember(row, 0)).toBe(row);
  });
});
