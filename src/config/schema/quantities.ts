import * as units from '../../core/units.ts';
import { type Kind, type Read, unfit } from './option.ts';

const DAY_MS = 86_400_000;

/** A duration in ms. Between 10 ms and a day unless said otherwise; more than 24 days would overflow a Node timer. */
export function duration(minMs = 10, maxMs = DAY_MS): Kind<number> {
  return quantity({
    wanted: 'a duration like 500ms, 30s, 5m, 1h or 7d',
    pattern: units.DURATION_PATTERN,
    parse: units.parseDuration,
    write: units.writeDuration,
    min: minMs,
    max: maxMs,
  });
}

/** A duration in ms that may be nothing at all: `0s`. */
export function pause(maxMs = DAY_MS): Kind<number> {
  return duration(0, maxMs);
}

/** A size in bytes. */
export function size(minBytes = 1, maxBytes = 1e15): Kind<number> {
  return quantity({
    wanted: 'a size like 512B, 100MB or 1.5GiB',
    pattern: units.SIZE_PATTERN,
    parse: units.parseSize,
    write: units.writeSize,
    min: minBytes,
    max: maxBytes,
  });
}

/** A share in percent, 1 to 99 unless said otherwise. */
export function percent(min = 1, max = 99): Kind<number> {
  return quantity({
    wanted: 'a percentage like 90%',
    pattern: units.PERCENT_PATTERN,
    parse: units.parsePercent,
    write: units.writePercent,
    min,
    max,
  });
}

type Quantity = {
  readonly wanted: string;
  readonly pattern: string;
  readonly parse: (text: string) => units.Parsed<number>;
  readonly write: (value: number) => string;
  readonly min: number;
  readonly max: number;
};

function quantity({ wanted, pattern, parse, write, min, max }: Quantity): Kind<number> {
  return {
    wanted,
    json: { type: 'string', pattern },
    write,
    read: (raw) => {
      if (typeof raw !== 'string' && !(typeof raw === 'number' && Number.isFinite(raw))) return unfit(raw, wanted);
      const parsed = parse(String(raw));
      return parsed.ok ? within(parsed.value, min, max, write) : parsed;
    },
  };
}

/** A whole number. */
export function count(min: number, max: number): Kind<number> {
  const wanted = `a whole number from ${min} to ${max}`;
  return {
    wanted,
    json: { type: 'integer', minimum: min, maximum: max },
    write: String,
    read: (raw) =>
      typeof raw === 'number' && Number.isInteger(raw) ? within(raw, min, max, String) : unfit(raw, wanted),
  };
}

function within(value: number, min: number, max: number, write: (value: number) => string): Read<number> {
  const limit = value < min ? `at least ${write(min)}` : value > max ? `at most ${write(max)}` : undefined;
  if (limit === undefined) return { ok: true, value };
  return { ok: false, because: `is ${write(value)}, ${limit} is allowed`, allowed: limit };
}
