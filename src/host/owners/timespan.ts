const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 },
  ...{ month: 2_629_800_000, y: 31_557_600_000 },
};

/** A time span as systemd prints it (systemd.time(7)): `1min 30s`, `100ms`, `0`. `undefined` for `infinity` and nonsense. */
export function readTimespan(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = text.trim().split(/\s+/);
  let sum = 0;
  for (const part of parts) {
    const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(part) ?? [];
    const unitMs = UNITS_MS[unit];
    if (count === undefined || unitMs === undefined) return undefined;
    sum += Number(count) * unitMs;
  }
  return sum;
}
