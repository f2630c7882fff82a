import { type Frame, linesOf, type Point, thin } from './geometry.ts';

/** All a chart needs to be drawn, in words and numbers. Times: ms since 1970. */
export type Plot = {
  /** What is drawn, and over which time: "Disk used, last 14 days". */
  readonly label: string;
  readonly points: readonly Point[];
  /** So much time a point stands for. */
  readonly stepMs: number;
  readonly from: number;
  readonly to: number;
  readonly ceiling: number;
  readonly limit: { readonly value: number; readonly word: string } | undefined;
  /** A value as people read it. */
  readonly say: (value: number) => string;
  readonly outages: readonly { readonly from: number; readonly to: number }[];
};

/** The drawing's own box; the page stretches it, and lines keep their width. */
export const BOX = { width: 400, height: 100 } as const;

export function drawn(plot: Plot): { readonly frame: Frame; readonly line: string; readonly area: string } {
  const frame = { from: plot.from, to: plot.to, ceiling: plot.ceiling, ...BOX };
  return { frame, ...linesOf(thin(plot.points), frame, plot.stepMs) };
}

/** The place of the point nearest to a share of the width. */
export function nearest({ points, from, to }: Plot, share: number): number {
  const at = from + share * (to - from);
  return points.reduce(
    (best, point, i) => (Math.abs(point.at - at) < Math.abs((points[best]?.at ?? 0) - at) ? i : best),
    0,
  );
}

/** A ceiling with air above the highest value, or what the figure is out of. */
export function ceilingOf(points: readonly Point[], whole: number | undefined): number {
  const highest = Math.max(0, ...points.map(({ value }) => value ?? 0));
  return whole === undefined ? Math.max(1, highest * 1.25) : Math.max(whole, highest) * 1.08;
}
