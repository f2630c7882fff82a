/** The word that was probably meant: the nearest by edits (Damerau: a swap of neighbours is one), if it is near at all. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = fold(word);
  let best: { word: string; edits: number } | undefined;
  for (const each of known) {
    const edits = distanceOf(wanted, fold(each));
    if (best === undefined || edits < best.edits) best = { word: each, edits };
  }
  if (best === undefined) return undefined;
  // A third of the longer word, at least one: "htpp" is http, "foo" is not "http".
  const near = Math.max(1, Math.floor(Math.max(wanted.length, best.word.length) / 3));
  return best.edits <= near ? best.word : undefined;
}

/** A cut or prolonged word (`warning` for `warn`) is one slip, whatever its length. */
function distanceOf(wanted: string, known: string): number {
  const short = Math.min(wanted.length, known.length);
  if (short >= 4 && (wanted.startsWith(known) || known.startsWith(wanted))) return 1;
  return distance(wanted, known);
}

/** `max-size`, `max_size` and `maxSize` are the same slip. Cut: an edit table over a long word costs its square. */
function fold(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '').slice(0, 64);
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(now, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(before, column - 2) + 1);
      now.push(cost);
    }
    before = last;
    last = now;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
