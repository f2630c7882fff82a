/** How many lines are in one text and not in the other, wherever they stand: a size of a change, and no more. */
export function differingLines(one: string, other: string): number {
  const count = new Map<string, number>();
  for (const line of one.split('\n')) count.set(line, (count.get(line) ?? 0) + 1);
  for (const line of other.split('\n')) count.set(line, (count.get(line) ?? 0) - 1);
  const [more, fewer] = [...count.values()].reduce(
    ([plus, minus], n) => (n > 0 ? [plus + n, minus] : [plus, minus - n]),
    [0, 0],
  );
  // A changed line is one line in each.
  return Math.max(more, fewer);
}
