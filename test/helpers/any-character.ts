import fc from 'fast-check';

/**
 * Any character of Unicode, as a unit of `fc.string`. The library's own unit 'binary' gives the same ones, and takes
 * almost a second to list all of them first.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
