/** Small questions to a value of unknown origin. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const hasText = (value: unknown, ...keys: readonly string[]): boolean =>
  isRecord(value) && keys.every((key) => typeof value[key] === 'string');

export const hasNumber = (value: unknown, ...keys: readonly string[]): boolean =>
  isRecord(value) && keys.every((key) => Number.isFinite(value[key]));

export const listOf = (value: unknown, holds: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds);
