import { runsOf } from './runs.ts';
import type { Strip } from './strip.ts';

/** Height of a bar by its letter, as a share of the whole (DASHBOARD.md §7): healthy is low, problems stick out. */
const HEIGHTS: Readonly<Record<string, number>> = { o: 0.5, s: 0.74, d: 1, m: 0.5, '.': 0.14 };

export type BarPath = { readonly letter: string; readonly d: string };

/** One path for all bars of a letter: a page with a thousand services has few elements. In a box of `width` x `height`. */
export function barPaths(strip: Strip, width: number, height: number): readonly BarPath[] {
  const pitch = width / strip.length;
  // A third of the pitch is air, down to one unit.
  const gap = Math.max(Math.min(pitch * 0.33, 3), Math.min(1, pitch * 0.4));
  const bar = (width + gap) / strip.length - gap;
  const paths = new Map<string, string>();
  for (const { letter, from, to } of runsOf(strip)) {
    const tall = Math.max(2, (HEIGHTS[letter] ?? 0.14) * height);
    const radius = Math.min(bar / 2, tall / 2, 2);
    for (let place = from; place <= to; place += 1) {
      const x = place * (bar + gap);
      paths.set(letter, (paths.get(letter) ?? '') + roundedBar(x, height - tall, bar, tall, radius));
    }
  }
  return [...paths].map(([letter, d]) => ({ letter, d }));
}

function roundedBar(x: number, y: number, width: number, height: number, radius: number): string {
  const n = (value: number): string => String(Math.round(value * 100) / 100);
  const arc = (dx: number, dy: number): string => `a${n(radius)} ${n(radius)} 0 0 1 ${n(dx)} ${n(dy)}`;
  return (
    `M${n(x + radius)} ${n(y)}h${n(width - 2 * radius)}${arc(radius, radius)}v${n(height - 2 * radius)}` +
    `${arc(-radius, radius)}h${n(2 * radius - width)}${arc(-radius, -radius)}v${n(2 * radius - height)}${arc(radius, -radius)}z`
  );
}
