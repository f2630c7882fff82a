/** Limits of a share in percent. `clearPercentPoints`: how far below a limit it must be before trouble is over. */
export type Levels = {
  readonly warningPercent: number;
  readonly criticalPercent: number;
  readonly clearPercentPoints: number;
};

/**
 * Status at face value: at a limit counts as over it. `clear` is false while the value lies less than
 * `clearPercentPoints` below the next worse limit: whoever believes the worse status has no reason yet to give it up.
 */
export function levelOf(
  usedPercent: number,
  levels: Levels,
): { readonly status: 'ok' | 'warning' | 'critical'; readonly clear: boolean } {
  const { warningPercent, criticalPercent, clearPercentPoints } = levels;
  if (usedPercent >= criticalPercent) return { status: 'critical', clear: false };
  if (usedPercent >= warningPercent)
    return { status: 'warning', clear: usedPercent < criticalPercent - clearPercentPoints };
  return { status: 'ok', clear: usedPercent < warningPercent - clearPercentPoints };
}
