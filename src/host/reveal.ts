import * as v from 'valibot';
import type { Trouble } from '../core/types.ts';
import { PersonError } from '../errors.ts';

/** A value that must not be shown: anything that gives its text only when asked. */
type Sealed = { reveal(): string };

/** A text, or a secret. */
export const secretText = v.union([
  v.string(),
  v.custom<Sealed>(
    (value) => typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function',
    'a text or a secret is needed',
  ),
]);

export type Revealed = {
  readonly values: Readonly<Record<string, string>>;
  /** Those of the values that must not be shown. */
  readonly secrets: readonly string[];
};

/** What an environment holds, before anything is done: a secret that is not there is a trouble and no half-way stop. */
export function revealed(env: Readonly<Record<string, string | Sealed>>): Revealed | Trouble {
  try {
    const entries = Object.entries(env).map(([name, value]) => {
      const isSecret = typeof value !== 'string';
      return { name, isSecret, text: isSecret ? value.reveal() : value };
    });
    return {
      values: Object.fromEntries(entries.map(({ name, text }) => [name, text])),
      secrets: entries.filter(({ isSecret }) => isSecret).map(({ text }) => text),
    };
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint };
  }
}

/** Shorter ones are in every text, and guessed anyway. */
const SHORTEST = 3;

/** Puts `[secret]` in the place of each secret that a text quotes. Longer ones first, for one may be part of another. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const words = secrets
    .flatMap((secret) => [secret, secret.trim(), ...secret.split('\n').map((line) => line.trim())])
    .filter((word) => word.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => words.reduce((rest, word) => rest.replaceAll(word, '[secret]'), text);
}
