import { Secret } from './secret.ts';

/** Tells whether a part of the config has changed. Secrets count by where they come from, not by the value behind it. */
export function fingerprint(part: unknown): string {
  return sum(JSON.stringify(stable(part)));
}

function stable(part: unknown): unknown {
  if (part instanceof Secret) return part.source;
  if (Array.isArray(part)) return part.map(stable);
  if (typeof part !== 'object' || part === null) return part;
  return Object.entries(part)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, stable(value)]);
}

/**
 * 16 hex digits: two FNV-1a sums (http://www.isthe.com/chongo/tech/comp/fnv/) with different starts. Against accidents
 * only, not against malice; node:crypto would cost every start 6 ms.
 */
export function sum(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return [0x811c9dc5, 0x01234567].map((start) => lane(bytes, start)).join('');
}

function lane(bytes: Uint8Array, start: number): string {
  let hash = start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
