import { nearest } from '../nearest.ts';
import { type Kind, type Raw, type Read, unfit } from './option.ts';

/** One of a few words. */
export function choice<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  const wanted = words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return {
    wanted,
    json: { enum: words },
    write: String,
    read: (raw): Read<Word> => {
      const word = words.find((each) => each === raw);
      if (word !== undefined) return { ok: true, value: word };
      const meant = typeof raw === 'string' ? nearest(raw, words) : undefined;
      const refusal = unfit(raw, wanted);
      return meant ? { ...refusal, because: `${refusal.because}; did you mean ${meant}?` } : refusal;
    },
  };
}

export function yesOrNo(): Kind<boolean> {
  const wanted = 'true or false';
  return {
    wanted,
    json: { type: 'boolean' },
    write: String,
    read: (raw) => (typeof raw === 'boolean' ? { ok: true, value: raw } : unfit(raw, wanted)),
  };
}

/** `off`, which YAML 1.1 editors may turn into `false`. */
export function off(): Kind<'off'> {
  const wanted = 'off or a map of options';
  return {
    wanted,
    json: { enum: ['off', false] },
    write: String,
    read: (raw) => (raw === 'off' || raw === false ? { ok: true, value: 'off' } : unfit(raw, wanted)),
  };
}

/** One line of text. */
export function line(wanted: string, maxLength = 1000): Kind<string> {
  return {
    wanted,
    json: { type: 'string', minLength: 1, maxLength },
    write: (value) => JSON.stringify(value),
    read: (raw) => {
      if (typeof raw !== 'string' || raw === '') return unfit(raw, wanted);
      if (raw.length > maxLength)
        return { ok: false, because: `has ${raw.length} characters, at most ${maxLength} are allowed` };
      if (/\p{Cc}/u.test(raw)) return unfit(raw, `${wanted} without control characters`);
      return { ok: true, value: raw };
    },
  };
}

/** An argument of a command or the value of an environment variable. `8080` and `true` need no quotes. */
export function argument(wanted: string): Kind<string> {
  return {
    wanted,
    json: { type: ['string', 'number', 'boolean'] },
    write: (value) => JSON.stringify(value),
    read: (raw) => {
      if (!isRaw(raw) || Number.isNaN(raw)) return unfit(raw, wanted);
      // 1e21 and 0x10 would not come back as they were written.
      if (typeof raw === 'number' && !Number.isSafeInteger(raw)) return unfit(raw, `${wanted} in quotes`);
      const text = String(raw);
      if (text.length > 100_000 || text.includes('\0')) return unfit(raw, wanted);
      return { ok: true, value: text };
    },
  };
}

function isRaw(raw: unknown): raw is Raw {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean';
}

const INTERPRETERS = /^(node|nodejs|python[\d.]*|ruby|perl|java|php|deno|bun|bash|sh|zsh|npm|npx|uv|pnpm|yarn)$/;

/**
 * Part of a command line, or `/regex/`. What matches may be ended, so a text that matches nearly everything is refused.
 */
export function commandMatch(): Kind<string> {
  const wanted = 'a part of the command line or a /regular expression/';
  return {
    wanted,
    json: { type: 'string', minLength: 3, maxLength: 500 },
    write: (value) => JSON.stringify(value),
    read: (raw) => {
      if (typeof raw !== 'string' || raw.length > 500 || /\p{Cc}/u.test(raw)) return unfit(raw, wanted);
      const pattern = /^\/(.+)\/$/.exec(raw)?.[1];
      if (raw.trim().length < 3)
        return {
          ok: false,
          because: `is "${raw}", at least 3 characters are needed: it would match too many programs`,
        };
      if (INTERPRETERS.test(raw.trim()))
        return { ok: false, because: `is "${raw}", which matches every program of that kind; name the script as well` };
      if (pattern === undefined) return { ok: true, value: raw };
      try {
        if (new RegExp(pattern).test('')) return { ok: false, because: `is ${raw}, which matches every program` };
      } catch (error) {
        return {
          ok: false,
          because: `is ${raw}, which is no regular expression: ${error instanceof Error ? error.message : ''}`,
        };
      }
      return { ok: true, value: raw };
    },
  };
}
