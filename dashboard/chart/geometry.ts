/** A value at a time; `null` is a gap. */
export type Point = { readonly at: number; readonly value: number | null };

/** DASHBOARD.md §13: more points than these are thinned before they are drawn. */
const MOST_POINTS = 400;

/** Keeps the lowest and the highest of each piece, so that a spike stays a spike; a piece with a gap keeps the gap. */
export function thin(points: readonly Point[], most = MOST_POINTS): readonly Point[] {
  if (points.length <= most) return points;
  const pieces = Math.floor(most / 3);
  const kept: Point[] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const part = points.slice(
      Math.floor((piece * points.length) / pieces),
      Math.floor(((piece + 1) * points.length) / pieces),
    );
    const gap = part.find(({ value }) => value === null);
    const solid = part.filter(({ value }) => value !== null).sort((a, b) => (a.value ?? 0) - (b.value ?? 0));
    const ends = [solid[0], solid.at(-1), gap].filter((point) => point !== undefined);
    kept.push(...[...new Set(ends)].sort((a, b) => a.at - b.at));
  }
  return kept;
}

export type Frame = {
  readonly from: number;
  readonly to: number;
  /** The value at the top edge; the bottom edge is 0. */
  readonly ceiling: number;
  readonly width: number;
  readonly height: number;
};

export const xOf = (at: number, { from, to, width }: Frame): number =>
  to <= from ? width : ((Math.min(Math.max(at, from), to) - from) / (to - from)) * width;

export const yOf = (value: number, { ceiling, height }: Frame): number =>
  height - (Math.min(Math.max(value, 0), ceiling) / (ceiling > 0 ? ceiling : 1)) * height;

/**
 * Lines between neighbours, and the areas under them. A value is the mean of a step, so a stretch begins half a step before
 * its first point and ends half a step after its last.
 */
export function linesOf(
  points: readonly Point[],
  frame: Frame,
  stepMs: number,
): { readonly line: string; readonly area: string } {
  let line = '';
  let area = '';
  for (const stretch of stretchesOf(points)) {
    const [first, last] = [stretch[0], stretch.at(-1)];
    if (first === undefined || last === undefined) continue;
    const whole = [{ ...first, at: first.at - stepMs / 2 }, ...stretch, { ...last, at: last.at + stepMs / 2 }];
    const places = whole.map(({ at, value }) => `${round(xOf(at, frame))} ${round(yOf(value ?? 0, frame))}`);
    line += `M${places.join('L')}`;
    const [start, end] = [whole[0], whole.at(-1)].map((point) => round(xOf(point?.at ?? 0, frame)));
    area += `M${start} ${frame.height}L${places.join('L')}L${end} ${frame.height}z`;
  }
  return { line, area };
}

function stretchesOf(points: readonly Point[]): readonly (readonly Point[])[] {
  const stretches: Point[][] = [[]];
  for (const point of points) {
    if (point.value === null) stretches.push([]);
    else stretches.at(-1)?.push(point);
  }
  return stretches.filter((stretch) => stretch.length > 0);
}

const round = (value: number): number => Math.round(value * 100) / 100;
