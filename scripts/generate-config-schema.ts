import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { configReference } from '../src/config/reference.ts';
import { root } from './root.ts';

/** config.schema.json, for editors. */
export function configSchemaFile(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

/** docs/config.md, with the full example in it. */
export async function configPage(): Promise<string> {
  return configReference(await readFile(join(root, 'examples', 'full.yaml'), 'utf8'));
}
