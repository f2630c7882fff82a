import { PersonError } from '../errors.ts';
import { readSmallText } from './read-text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a secret comes from. `text` may hold `${NAME}`s. */
export type SecretSource = { readonly text: string } | { readonly file: string };

/** Names whose values are kept out of sight even when they are written out in the config. */
const SECRET_NAME = /auth|token|secret|passw|passphrase|credential|cookie|session|api.?key|private.?key|(^|[-_])key$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** `${NAME}` or `${NAME:-default}`; `$${` is a plain `${`. */
const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Replaces every reference in `text` by what `lookUp` says. */
export function replaceReferences(
  text: string,
  lookUp: (name: string, otherwise: string | undefined) => string,
): string {
  return text.replace(REFERENCE, (_, escaped: string | undefined, name: string, otherwise: string | undefined) =>
    escaped === undefined ? lookUp(name, otherwise) : escaped,
  );
}

/** The text without its well-formed references: what is left of `${` in it is a slip. */
export function withoutReferences(text: string): string {
  return text.replace(REFERENCE, '');
}

/** `util.inspect.custom`, without loading node:util for it. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A value that is looked up only when it is used and prints as `[secret]` everywhere: in strings, JSON, logs.
 * A class, because private fields keep it out of whatever walks an object.
 */
export class Secret {
  readonly #source: SecretSource;

  constructor(source: SecretSource) {
    this.#source = source;
  }

  /**
   * The value now: the file is read, the variables are looked up.
   * Throws PersonError SECRET_UNAVAILABLE when a variable is not set or the file cannot be read; the value is never in it.
   */
  reveal(environment: Environment = process.env): string {
    if ('file' in this.#source) return readSecretFile(this.#source.file);
    return replaceReferences(this.#source.text, (name, otherwise) => {
      const value = environment[name] ?? otherwise;
      if (value === undefined) {
        throw new PersonError(
          'SECRET_UNAVAILABLE',
          `The environment variable ${name} is not set.`,
          `Set ${name} for the daemon, or put the value into a file and write { file: PATH }.`,
        );
      }
      return value;
    });
  }

  /** What a fingerprint may hold: it changes when the config changes, not when the value behind it does. */
  get source(): SecretSource {
    return this.#source;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [INSPECT](): string {
    return '[secret]';
  }
}

function readSecretFile(file: string): string {
  const read = readSmallText(file, 64 * 1024);
  if (read.ok) return read.text.replace(/\r?\n$/, '');
  throw new PersonError(
    'SECRET_UNAVAILABLE',
    `The secret in ${file} cannot be read: it ${read.because}.`,
    'Check the path and its permissions.',
  );
}
