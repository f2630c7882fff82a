import { readFile } from 'node:fs/promises';
import { SHIPPED } from '../config/playbook-names.ts';
import { PersonError } from '../errors.ts';
import type { Definition } from './definition.ts';
import { type ReadContext, readPlaybook } from './read.ts';

/** From the source and from the bundle's chunks the package's folder is two up, from its entry one. */
const PACKAGE = ['../../', '../'];
const FOLDER = 'actions/playbooks';

/** The playbooks of the package. Throws NOT_BUILT when they are missing, INTERNAL when one is wrong. */
export async function readShipped(context: Pick<ReadContext, 'actions'>): Promise<readonly Definition[]> {
  const library = await import('yaml');
  return await Promise.all(
    Object.keys(SHIPPED).map(async (name) => {
      const file = `${FOLDER}/${name}.yaml`;
      const reading = readPlaybook(await readOfPackage(file), {
        ...{ name, file: `${name}.yaml`, origin: 'shipped', library, folder: '/', homeFolder: '/' },
        ...context,
      });
      if (reading.ok) return reading.definition;
      const [problem] = reading.problems;
      throw new PersonError('INTERNAL', `${file}: ${problem?.message ?? 'is wrong'}`, 'Please report this.');
    }),
  );
}

async function readOfPackage(name: string): Promise<string> {
  for (const folder of PACKAGE) {
    try {
      return await readFile(new URL(`${folder}${name}`, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  throw new PersonError('NOT_BUILT', `${name} is missing from this copy of the program.`, 'npm ci && npm run build');
}
