import { displayWidth, symbolWidth } from './width.ts';

/*
 * Every string that did not come from our own source may come from a log line, a process name or an agent's own words.
 * It passes through `clean` before it reaches a terminal: such a string must not be able to move the cursor, colour the
 * screen, start a new line, or turn the reading direction of what stands beside it.
 */

// Whole sequences first, so that their parameters do not stay behind as text: ECMA-48 §5.4 (CSI, also as one C1
// character), then the string sequences OSC, DCS, APC, PM and SOS up to their terminator, then two-character escapes.
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]/g;

// Blanks of every kind and NEL; U+FEFF counts as a blank in a regex but is none.
const SPACES = /(?:[^\S\ufeff]|\u0085)+/g;

// C0, DEL, C1; bidi marks, embeddings and isolates (UAX #9); zero-width and filler characters that hide text;
// variation selectors, which change a width behind our back; interlinear annotations, noncharacters, tag characters.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

const PILED_MARKS = /(\p{M}{2})\p{M}+/gu;
const PLAIN = /^[!-~]*(?: [!-~]+)*$/;

/** One safe line: no control or direction characters, no line ends, blanks folded. Cut to `width` columns with `…`. */
export function clean(text: string, width = 300): string {
  const safe = PLAIN.test(text) ? text : wash(text.length > 8_192 ? text.slice(0, 8_192) : text);
  return cut(safe, width);
}

function wash(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd') // half a surrogate pair
    .replace(SEQUENCES, '')
    .replace(SPACES, ' ')
    .replace(UNSEEN, '')
    .replace(PILED_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** `text` in at most `width` columns of a terminal; what was left out shows as `…`. */
export function cut(text: string, width: number): string {
  if (text.length <= width && PLAIN.test(text)) return text;
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  let used = 0;
  let kept = '';
  for (const symbol of text) {
    const more = symbolWidth(symbol);
    if (used + more > width - 1) break;
    used += more;
    kept += symbol;
  }
  return `${kept.replace(/[\s\u200c\u200d]+$/u, '')}…`;
}

/** JSON for a terminal: C1 and direction characters are escaped too, which `JSON.stringify` leaves as they are. */
export function toJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (symbol) => `\\u${symbol.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
