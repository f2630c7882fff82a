import { TOKENS, type Token } from './tokens.ts';

/** Every pair the page puts on one another: [front, back, least contrast]. WCAG 2.2: text 4.5 (1.4.3), graphics 3 (1.4.11). */
export const PAIRS: readonly (readonly [front: Token, back: Token, least: number])[] = [
  ...(['ink', 'ink2', 'ink3'] as const).flatMap((ink) =>
    (['surface', 'bg', 'inset', 'ok-wash', 'warn-wash', 'down-wash', 'info-wash'] as const).map(
      (on) => [ink, on, 4.5] as const,
    ),
  ),
  ...(['ok', 'warn', 'down', 'info'] as const).flatMap((state) => [
    [state, 'surface', 4.5] as const,
    [state, `${state}-wash`, 4.5] as const,
    [`${state}-bar`, 'surface', 3] as const,
  ]),
  // The rows and panels tint nothing, so a state's text also meets the inset of an opened row.
  ...(['ok', 'warn', 'down', 'info'] as const).map((state) => [state, 'inset', 4.5] as const),
  ['ok-bar', 'ok-wash', 3],
  ['warn-bar', 'warn-wash', 3],
  ['down-bar', 'down-wash', 3],
  // An opened row has the page's ground, for the bars would be too weak on the inset; the facts panel has a line on it.
  ...(['ok-bar', 'warn-bar', 'down-bar', 'info-bar'] as const).map((bar) => [bar, 'bg', 3] as const),
  ['data', 'inset', 3],
  ['down-bar', 'inset', 3],
  // Links are written in it, too.
  ['data', 'surface', 4.5],
  ['data', 'bg', 3],
  ['line-strong', 'surface', 3],
  ['line-strong', 'bg', 3],
  ['button-text', 'button', 4.5],
  ['focus', 'bg', 3],
  ['focus', 'surface', 3],
  ['focus', 'inset', 3],
];

/** Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2, "relative luminance"). */
function luminance(colour: string): number {
  const channel = (from: number): number => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Every pair that is too weak, in words; empty when all is well. Ratios are rounded down, so 4.49 does not pass as 4.5. */
export function weakPairs(): readonly string[] {
  return PAIRS.flatMap(([front, back, least]) =>
    (['light', 'dark'] as const).flatMap((theme, index) => {
      const ratio = contrast(TOKENS[front][index] ?? '', TOKENS[back][index] ?? '');
      return ratio >= least ? [] : [`${front} on ${back}, ${theme}: ${ratio.toFixed(2)}, at least ${least} is needed`];
    }),
  );
}
