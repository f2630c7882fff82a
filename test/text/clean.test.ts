import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cut, toJson } from '../../src/text/clean.ts';
import { displayWidth, wrap } from '../../src/text/width.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

describe('clean', () => {
  it.each([
    ['leaves plain words alone', 'hub is down', 'hub is down'],
    ['leaves other languages alone', 'müde Krähe, 服务器, سلام', 'müde Krähe, 服务器, سلام'],
    ['takes colour sequences out whole', '\u001b[1;31mred\u001b[0m', 'red'],
    ['takes a window title out whole', 'a\u001b]0;owned\u0007b', 'ab'],
    ['takes a title ended by ST out whole', 'a\u001b]8;;http://x\u001b\\b', 'ab'],
    ['takes C1 sequences out', 'a\u009b2Jb', 'ab'],
    ['takes an unfinished sequence out', 'a\u001b[', 'a'],
    ['turns line ends and tabs into one blank', 'a\r\n\tb\u2028c', 'a b c'],
    ['removes direction characters', '\u202egnp.exe\u202c', 'gnp.exe'],
    ['removes hidden characters', 'a\u200b\ufeff\u00adb', 'ab'],
    ['keeps at most two marks on a letter', 'e\u0301\u0301\u0301\u0301', 'e\u0301\u0301'],
    ['replaces half a surrogate pair', 'a\ud83d', 'a\ufffd'],
  ])('%s', (_, text, want) => {
    expect(clean(text)).toBe(want);
  });

  it('never lets a control or direction character through, nor is wider than asked', () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.constantFrom(0x1b, 0x5b, 0x9b, 0x0a, 0x202e, 0x200d, 0x1f680, 0x670d, 0x301, 0x07, 0xd800),
          fc.integer({ min: 0, max: 0x10ffff }),
        ),
        { maxLength: 30 },
      )
      .map((codes) => String.fromCodePoint(...codes));
    fc.assert(
      fc.property(nasty, fc.integer({ min: 0, max: 40 }), (text, width) => {
        const safe = clean(text, width);
        expect(safe).not.toMatch(FORBIDDEN);
        expect(displayWidth(safe)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('is done quickly with a line of a megabyte', () => {
    expect(displayWidth(clean('\u001b[31m服'.repeat(200_000), 80))).toBeLessThanOrEqual(80);
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['服务器', 6],
    ['🚀', 2],
    ['e\u0301', 1],
    ['ＡＢ', 4],
    ['한글', 4],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  it('cuts between characters and says so', () => {
    expect(cut('服务器状态', 6)).toBe('服务…');
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('abcd', 4)).toBe('abcd');
  });

  it('wraps words and breaks those that are longer than a line', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });
});

it('writes JSON that no terminal obeys and every parser reads back', () => {
  const value = { a: '\u009b31m\u202e\u001b[2J\u2028' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
  expect(toJson(value)).not.toMatch(/[\u0080-\u009f\u202e\u2028\u001b]/);
  expect(JSON.parse(toJson(value))).toEqual(value);
});
