import * as v from 'valibot';
import { Secret } from '../secret.ts';
import { described, either, type Kind, needed } from './option.ts';
import { file } from './places.ts';
import { argument } from './words.ts';

/** A value that may be plain, use `${NAME}`, or lie in a file of its own. Kept out of sight where its name says so. */
export function maybeSecret(wanted: string) {
  const plain: Kind<string | Secret> = {
    ...argument(wanted),
    read: (raw) => {
      const text = argument(wanted).read(raw);
      return text.ok && text.value.includes('${') ? { ok: true, value: new Secret({ text: text.value }) } : text;
    },
    write: (value) => (typeof value === 'string' ? JSON.stringify(value) : '[secret]'),
  };
  const about = `${wanted[0]?.toUpperCase()}${wanted.slice(1)}. \${NAME} is replaced by the environment variable when it is used.`;
  const form = either(
    needed(plain, about),
    v.pipe(
      described(
        v.strictObject({
          file: needed(file('the path of a file'), 'File that holds the value, relative to the folder of the config.'),
        }),
        'A value kept in a file of its own; read when it is used, a line end at its end is left out.',
      ),
      v.transform((from): string | Secret => new Secret(from)),
    ),
  );
  return described(form, about);
}
