import { symbolWidth } from './width.ts';

/** What is written on: decides width, colour and signs. Pure value, made once at the edge. */
export type Paper = {
  /** Columns; nothing is wider. */
  readonly width: number;
  readonly color: boolean;
  /** False: the signs are ASCII too. */
  readonly unicode: boolean;
  /** Wall time in ms that "since" and "in" refer to. */
  readonly nowMs: number;
  /** Gives the commands in a text as they can be typed there; as they are when absent. */
  readonly typed?: (text: string) => string;
};

export type Paint = 'good' | 'watch' | 'bad' | 'blue' | 'faint' | 'bold' | 'plain';

// SGR colours of the terminal's own palette: they follow its light or dark theme. Colour is the third signal only.
const SGR: Record<Paint, string> = { good: '32', watch: '33', bad: '31', blue: '34', faint: '2', bold: '1', plain: '' };

/** `text`, already clean, in a colour if the paper takes it. */
export function paint(text: string, as: Paint, paper: Paper): string {
  return paper.color && as !== 'plain' && text !== '' ? `\x1b[${SGR[as]}m${text}\x1b[0m` : text;
}

const ASCII: Readonly<Record<string, string>> = {
  '…': '.',
  '–': '-',
  '—': '-',
  '·': '-',
  '→': '>',
  '’': "'",
  '“': '"',
  '”': '"',
};

/** For a terminal that is not UTF-8: the same columns, every other character a question mark. */
export function toAscii(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (symbol) => ASCII[symbol] ?? '?'.repeat(symbolWidth(symbol)));
}
