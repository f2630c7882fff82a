/** How many columns a terminal gives to text. Pure; expects text without control characters. */

// UAX #11: Wide and Fullwidth blocks. Ambiguous characters count one column, as terminals do outside CJK locales.
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18d08],
  [0x1aff0, 0x1b2fb],
  [0x1f1e6, 0x1f1ff],
  [0x20000, 0x3fffd],
];

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/** Columns of one code point. */
export function symbolWidth(symbol: string): number {
  const code = symbol.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO.test(symbol)) return 0;
  for (const [from, to] of WIDE) if (code >= from && code <= to) return 2;
  return EMOJI.test(symbol) ? 2 : 1;
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const symbol of text) width += symbolWidth(symbol);
  return width;
}

/** `text` followed by blanks up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Words of `text` in lines of at most `width` columns; a longer word is broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const symbol of word) {
      if (displayWidth(line + symbol) > width) {
        lines.push(line);
        line = '';
      }
      line += symbol;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
