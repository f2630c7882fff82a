import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { barPaths } from './bar-paths.ts';
import type { Strip } from './strip.ts';

const CLASSES: Readonly<Record<string, string>> = { o: 'ok', s: 'warn', d: 'down', m: 'info', '.': 'nodata' };

type Props = { readonly strip: Strip; readonly width: number; readonly height: number; readonly label?: string };

/** The bars of a range as one image. `label`: the same in a sentence; without one the bars are drawing only. */
export function Bars({ strip, width, height, label }: Props): JSX.Element {
  const paths = useMemo(() => barPaths(strip, width, height), [strip, width, height]);
  const box = { class: 'bars', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' };
  const drawing = paths.map(({ letter, d }) => (
    <path key={letter} class={`bar-${CLASSES[letter] ?? 'nodata'}`} d={d} />
  ));
  return label === undefined ? (
    <svg {...box} aria-hidden="true">
      {drawing}
    </svg>
  ) : (
    <svg {...box} role="img" aria-label={label}>
      {drawing}
    </svg>
  );
}
