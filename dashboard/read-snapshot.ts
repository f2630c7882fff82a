import type { Snapshot } from '../src/core/snapshot.ts';
import { cleanAll } from './clean.ts';
import { hasNumber, hasText, isRecord, listOf } from './shape.ts';

/** The newest snapshot form this page can read. */
const KNOWN_SCHEMA = 1;

export type Reading = { readonly kind: 'snapshot'; readonly snapshot: Snapshot } | { readonly kind: 'newer' };

/**
 * Holds what came out of a file against the form the page draws. `undefined`: not a snapshot (empty, torn, hostile),
 * so the last good one stays. What passes here and still breaks the drawing ends in the plain list.
 */
export function readSnapshot(raw: unknown): Reading | undefined {
  if (!isRecord(raw)) return undefined;
  const schema = raw['schema'];
  if (typeof schema === 'number' && schema > KNOWN_SCHEMA) return { kind: 'newer' };
  const sound =
    schema === KNOWN_SCHEMA &&
    hasNumber(raw, 'writtenAt', 'everyMs') &&
    hasText(raw['host'], 'name', 'tz') &&
    hasText(raw['daemon'], 'version', 'state', 'startHint', 'mode') &&
    hasNumber(raw['daemon'], 'startedAt', 'rssBytes') &&
    hasText(raw['verdict'], 'state', 'headline', 'detail') &&
    hasNumber(raw['verdict'], 'since') &&
    listOf(
      raw['targets'],
      (target) => hasText(target, 'id', 'kind', 'state', 'detail') && hasNumber(target, 'since'),
    ) &&
    listOf(raw['incidents'], (one) => hasText(one, 'id', 'target', 'title', 'outcome') && hasNumber(one, 'start')) &&
    listOf(raw['holds'], (hold) => hasText(hold, 'scope', 'kind', 'reason')) &&
    listOf(raw['silences'], (silence) => hasText(silence, 'scope') && hasNumber(silence, 'until'));
  return sound ? { kind: 'snapshot', snapshot: cleanAll(raw) as Snapshot } : undefined;
}
