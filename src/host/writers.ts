import { type FileHolder, findHolders } from './files.ts';

/** Who could still write to a file. Readers (`tail -f`) do not count: a file can be renamed under them without loss. */
export async function writersOf(path: string): Promise<readonly FileHolder[] | 'cannot-see'> {
  const holders = await findHolders(path);
  return holders === 'cannot-see' ? holders : holders.filter((one) => one.writes || one.appends);
}
