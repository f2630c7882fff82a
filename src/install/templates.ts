import { readFile } from 'node:fs/promises';
import { PersonError } from '../errors.ts';
import type { Place } from './place.ts';

/** From the source and from the bundle's chunks the package's folder is two up, from its entry one. */
const PACKAGE = ['../../', '../'];

/** The text with placeholders, from the package's own files. Throws NOT_BUILT when they are missing. */
export async function readTemplate({ kind, scope }: Place): Promise<string> {
  const unit = scope === 'system' ? 'systemd/jarvis-health.system.service' : 'systemd/jarvis-health.service';
  const name = kind === 'systemd' ? unit : 'launchd/local.jarvis-health.plist';
  for (const folder of PACKAGE) {
    try {
      return await readFile(new URL(`${folder}${name}`, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  throw new PersonError('NOT_BUILT', `${name} is missing from this copy of the program.`, 'npm ci && npm run build');
}
