import { readFile } from 'node:fs/promises';
import { readBounded, writeDurably } from './durable-file.ts';

/** In the root of the package: seen from dist/, and from dist/chunks/ or src/store/. */
const PLACES = ['../config.schema.json', '../../config.schema.json'];
const MOST_BYTES = 1024 * 1024;

/**
 * Puts the JSON Schema of this version's config at `path` (0600), beside the config that names it for editors
 * (`$schema=./config.schema.json`). Nothing is written when it is there already; says whether something was. Rejects
 * with the system's error.
 */
export async function writeConfigSchema(path: string): Promise<boolean> {
  const wanted = await ownSchema();
  const found = await readBounded(path, MOST_BYTES).catch(() => undefined);
  if (found?.equals(wanted)) return false;
  await writeDurably(path, wanted);
  return true;
}

async function ownSchema(): Promise<Buffer> {
  let trouble: unknown;
  for (const place of PLACES) {
    try {
      return await readFile(new URL(place, import.meta.url));
    } catch (error) {
      trouble = error;
    }
  }
  throw trouble;
}
