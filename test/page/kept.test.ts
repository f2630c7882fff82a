import { describe, expect, it } from 'vitest';
import { createKeeper } from '../../dashboard/kept.ts';

/** What a drawing of `wanted` (a key and what it is made of) comes to, and how many were made anew. */
function drawer(most: number) {
  const keeper = createKeeper<string>(most);
  return (wanted: Readonly<Record<string, string>>) => {
    let made = 0;
    keeper.turn();
    const drawn = Object.entries(wanted).map(([key, part]) =>
      keeper.keep(key, [part, 7], () => {
        made += 1;
        return `${key} of ${part}`;
      }),
    );
    return { drawn, made, behind: keeper.isBehind() };
  };
}

describe('what is kept from one drawing to the next', () => {
  it('is made anew only when something in it changed', () => {
    const draw = drawer(9);
    expect(draw({ a: '1', b: '1' })).toEqual({ drawn: ['a of 1', 'b of 1'], made: 2, behind: false });
    expect(draw({ a: '1', b: '2' })).toEqual({ drawn: ['a of 1', 'b of 2'], made: 1, behind: false });
    expect(draw({ b: '2', a: '1' })).toMatchObject({ made: 0 });
  });

  it('is as it was for a moment where too much changed at once, the first first, and the next drawing goes on', () => {
    const draw = drawer(2);
    expect(draw({ a: '1', b: '1', c: '1' })).toEqual({
      drawn: ['a of 1', 'b of 1', undefined],
      made: 2,
      behind: true,
    });
    expect(draw({ a: '2', b: '2', c: '2' })).toMatchObject({ drawn: ['a of 2', 'b of 2', undefined], behind: true });
    expect(draw({ a: '3', b: '2', c: '2' })).toEqual({
      drawn: ['a of 3', 'b of 2', 'c of 2'],
      made: 2,
      behind: false,
    });
    expect(draw({ c: '3', a: '4', b: '4' })).toMatchObject({ drawn: ['c of 3', 'a of 4', 'b of 2'], behind: true });
    expect(draw({ c: '3', a: '4', b: '4' })).toMatchObject({ drawn: ['c of 3', 'a of 4', 'b of 4'], behind: false });
  });

  it('is let go when it is not asked for', () => {
    const draw = drawer(9);
    draw({ a: '1', b: '1' });
    draw({ b: '1' });
    expect(draw({ a: '1', b: '1' })).toMatchObject({ made: 1 });
  });
});
