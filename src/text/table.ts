import { clean, cut } from './clean.ts';
import { type Paint, type Paper, paint } from './paper.ts';
import { displayWidth, padEnd, padStart } from './width.ts';

export type Column = {
  readonly title: string;
  /** Never wider than this. */
  readonly max?: number;
  /** May be cut down to this when the paper is narrow; columns shrink from the last `min` holder to the first. */
  readonly min?: number;
  readonly right?: boolean;
};

export type Cell = string | { readonly text: string; readonly paint: Paint };

/** `under`: whole lines that belong to the row, already clean and no wider than the paper. */
export type Row = { readonly cells: readonly Cell[]; readonly under?: readonly string[] };

const GAP = 2;

/** Lines of a table no wider than the paper. Every cell is cleaned here. The first line holds the titles, if any is given. */
export function table(columns: readonly Column[], rows: readonly Row[], paper: Paper): string[] {
  const texts = rows.map((row) => columns.map((_, i) => clean(textOf(row.cells[i] ?? ''))));
  const widths = widthsFor(columns, texts, paper.width);
  const head = columns.some((c) => c.title !== '')
    ? [
        line(
          columns.map((c) => c.title),
          widths,
          columns,
          () => 'faint',
          paper,
        ),
      ]
    : [];
  const body = rows.flatMap((row, r) => [
    line(texts[r] ?? [], widths, columns, (i) => paintOfCell(row.cells[i]), paper),
    ...(row.under ?? []),
  ]);
  return [...head, ...body];
}

function widthsFor(columns: readonly Column[], texts: readonly (readonly string[])[], paperWidth: number): number[] {
  const widths = columns.map((column, i) => {
    const natural = Math.max(displayWidth(column.title), ...texts.map((row) => displayWidth(row[i] ?? '')));
    return Math.min(natural, column.max ?? Number.POSITIVE_INFINITY);
  });
  let over = widths.reduce((sum, w) => sum + w, 0) + GAP * (columns.length - 1) - paperWidth;
  for (let i = columns.length - 1; i >= 0 && over > 0; i -= 1) {
    const least = columns[i]?.min;
    const width = widths[i] ?? 0;
    if (least === undefined || width <= least) continue;
    const less = Math.min(over, width - least);
    widths[i] = width - less;
    over -= less;
  }
  return widths;
}

function line(
  texts: readonly string[],
  widths: readonly number[],
  columns: readonly Column[],
  paintAt: (i: number) => Paint,
  paper: Paper,
): string {
  let out = '';
  let at = 0;
  for (const [i, width] of widths.entries()) {
    // What still does not fit on a very narrow paper is cut off at its edge, never wrapped by the terminal.
    const room = Math.min(width, paper.width - at);
    if (room <= 0) break;
    const text = cut(texts[i] ?? '', room);
    const padded = columns[i]?.right ? padStart(text, room) : padEnd(text, room);
    out += paint(padded, paintAt(i), paper) + ' '.repeat(GAP);
    at += room + GAP;
  }
  return trimEnd(out);
}

/** Drops trailing blanks, also those in front of a closing colour code. */
function trimEnd(text: string): string {
  return (
    text
      .replace(/ +$/, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: our own SGR reset
      .replace(/ +(\x1b\[0m)$/, '$1')
  );
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);
const paintOfCell = (cell: Cell | undefined): Paint =>
  cell === undefined || typeof cell === 'string' ? 'plain' : cell.paint;
