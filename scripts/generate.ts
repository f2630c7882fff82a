import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configPage, configSchemaFile } from './generate-config-schema.ts';
import { errorsPage } from './generate-errors.ts';
import { playbooksPage } from './generate-playbooks.ts';
import { root } from './root.ts';

/**
 * Writes every file that is made from the sources, so that options, errors and the like are written down once.
 * With `--check` nothing is written: exit 1 names each file that is not what it should be.
 */
const generated: readonly { readonly path: string; readonly make: () => string | Promise<string> }[] = [
  { path: 'config.schema.json', make: configSchemaFile },
  { path: 'docs/config.md', make: configPage },
  { path: 'docs/errors.md', make: errorsPage },
  { path: 'docs/playbooks.md', make: playbooksPage },
];

const checkOnly = process.argv.includes('--check');
for (const { path, make } of generated) {
  const file = join(root, path);
  const wanted = await make();
  const present = await readFile(file, 'utf8').catch(() => undefined);
  if (present === wanted) continue;
  if (checkOnly) {
    process.stdout.write(`${path} is not current. next: npm run generate\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    process.stdout.write(`wrote ${path}\n`);
  }
}
