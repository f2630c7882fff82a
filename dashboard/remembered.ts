import type { Range } from './past/strip.ts';

/**
 * What a browser remembers of a person's choices, besides the theme. Storage from disk may be refused, and is shared by all
 * local pages: small keys, and never anything of the host.
 */
const RANGE_KEY = 'jarvis-health-range';
const KEYS_KEY = 'jarvis-health-single-keys';

export function readRange(): Range {
  const range = read(RANGE_KEY);
  return range === 'day' || range === 'quarter' ? range : 'month';
}

export const rememberRange = (range: Range): void => write(RANGE_KEY, range);

export const singleKeysOn = (): boolean => read(KEYS_KEY) !== 'off';

export const rememberSingleKeys = (on: boolean): void => write(KEYS_KEY, on ? 'on' : 'off');

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Not remembered then.
  }
}
