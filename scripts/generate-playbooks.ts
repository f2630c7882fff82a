import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actions } from '../actions/index.ts';
import { playbookTables } from '../src/playbooks/reference.ts';
import { readShipped } from '../src/playbooks/shipped.ts';
import { root } from './root.ts';

/** docs/playbooks.md as it is, with its tables made anew. Throws when a table has lost its place. */
export async function playbooksPage(): Promise<string> {
  const tables = playbookTables(actions, await readShipped({ actions }));
  const page = await readFile(join(root, 'docs', 'playbooks.md'), 'utf8');
  return Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- made [^>]*: ${name} -->\\n)[^]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`docs/playbooks.md has no place for the table of ${name}`);
    return text.replace(place, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
  }, page);
}
