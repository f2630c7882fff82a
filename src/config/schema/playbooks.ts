import * as v from 'valibot';
import { described, either, needed } from './option.ts';
import { line } from './words.ts';

/** `NAME` or `[NAME, OTHER]`: the playbooks that are run by themselves. */
export function playbooks(what: string, derived: string) {
  const name = () => needed(line('the name of a playbook', 64), 'Name of a playbook.');
  const form = either(
    v.pipe(
      name(),
      v.transform((one) => [one]),
    ),
    v.pipe(v.array(name()), v.minLength(1)),
  );
  return v.exactOptional(
    described(
      form,
      `What is done for ${what}, shipped or your own (playbooks.md). Of several, the first one that is for this class of trouble.`,
      { derived },
    ),
  );
}
