import { createHash } from 'node:crypto';
import { Secret } from './secret.ts';

/** Tells whether a part of the config has changed. Secrets count by where they come from, not by their value. */
export function fingerprint(part: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(stable(part)))
    .digest('hex')
    .slice(0, 16);
}

function stable(part: unknown): unknown {
  if (part instanceof Secret) return part.source;
  if (Array.isArray(part)) return part.map(stable);
  if (typeof part !== 'object' || part === null) return part;
  return Object.entries(part)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => [key, stable(value)]);
}
