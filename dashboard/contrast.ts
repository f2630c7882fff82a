import { PAIRS, TOKENS } from './tokens.ts';

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
