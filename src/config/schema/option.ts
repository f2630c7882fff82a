import * as v from 'valibot';
import type { Parsed } from '../../core/units.ts';

/** A scalar as YAML delivers it. */
export type Raw = string | number | boolean;

/** One sort of scalar: how it is read, how it is written, and what is said about it. */
export type Kind<T> = {
  /** What belongs here, with an article: it completes "… is needed". */
  readonly wanted: string;
  /** For editors: the JSON Schema of what may be written. */
  readonly json: Readonly<Record<string, unknown>>;
  /** `because` is a predicate ("is 200%, at most 99% is allowed"); `allowed` repeats the limit alone. */
  read(raw: unknown): Read<T>;
  write(value: T): string;
};
export type Read<T> = Parsed<T> & { readonly allowed?: string };

export type About = {
  readonly description: string;
  readonly examples?: readonly unknown[];
  /** In words, where the default depends on something else. */
  readonly derived?: string;
};

/** What a schema carries for its readers: error messages, environment names, JSON Schema, docs, `config show`. */
export type Notes = { readonly kind?: Kind<unknown>; readonly about?: About };

/** A scalar of this kind. Its issues carry our words in `message` and what is allowed in `expected`. */
function leaf<T>(kind: Kind<T>, about: About) {
  return v.pipe(
    v.custom<Raw>(() => true),
    v.metadata({ kind, about }),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const raw: unknown = dataset.value;
      const result: Read<T> = raw === null ? noValue(kind.wanted) : kind.read(raw);
      if (result.ok) return result.value;
      addIssue({ message: result.because, expected: result.allowed ?? kind.wanted });
      return NEVER;
    }),
  );
}

/** `~` alone is YAML for nothing, which surprises in a place for paths. */
function noValue(wanted: string): { ok: false; because: string } {
  const tilde = wanted.includes('~/') ? ' (a bare ~ means that; write "~/")' : '';
  return { ok: false, because: `has no value${tilde}, ${wanted} is needed` };
}

/** A scalar that must be there. */
export function needed<T>(kind: Kind<T>, description: string, more: Omit<About, 'description'> = {}) {
  return leaf(kind, { description, ...more });
}

/** A scalar that may be left out; `derived` says what holds then. */
export function optional<T>(kind: Kind<T>, description: string, more: Omit<About, 'description'> = {}) {
  return v.exactOptional(leaf(kind, { description, ...more }));
}

/** A scalar with a default, written as a person would write it. */
export function preset<T>(kind: Kind<T>, byDefault: Raw, description: string, more: Omit<About, 'description'> = {}) {
  return v.optional(leaf(kind, { description, ...more }), byDefault);
}

/** Gives a list or a map its description. */
export function described<const S extends v.GenericSchema>(
  schema: S,
  description: string,
  more: Omit<About, 'description'> = {},
) {
  return v.pipe(schema, v.metadata({ about: { description, ...more } }));
}

/**
 * A short form (a scalar) and a long form (a map or list) of the same thing. Not a union: the input's own shape picks
 * the form, so that a mistake inside the long form is reported there and not as "none of the forms fits".
 */
export function either<InShort, InLong, Out>(
  short: v.GenericSchema<InShort, Out>,
  long: v.GenericSchema<InLong, Out>,
): v.GenericSchema<InShort | InLong, Out> & { readonly alternatives: readonly [v.GenericSchema, v.GenericSchema] } {
  const pick = v.lazy((input): v.GenericSchema<InShort | InLong, Out> => {
    const picked = typeof input === 'object' && input !== null ? long : short;
    return picked as v.GenericSchema<InShort | InLong, Out>;
  });
  return Object.assign(pick, { alternatives: [short, long] as const });
}

/** A value as it is quoted in a message: one line, short, no control characters. */
export function quote(raw: unknown): string {
  if (raw === null) return 'nothing';
  if (Array.isArray(raw)) return 'a list';
  if (typeof raw === 'object') return 'a map';
  if (typeof raw !== 'string') return String(raw);
  const clean = raw.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}');
  return `"${clean.length > 60 ? `${clean.slice(0, 59)}…` : clean}"`;
}

/** The usual refusal: `is "80a", a number from 1 to 65535 is needed`. */
export function unfit(raw: unknown, wanted: string): { ok: false; because: string } {
  return { ok: false, because: `is ${quote(raw)}, ${wanted} is needed` };
}
