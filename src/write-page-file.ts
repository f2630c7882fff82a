import { rename, unlink, writeFile } from 'node:fs/promises';

/**
 * Replaces a snapshot file whole, without fsync: a browser never reads half of it, and after a power cut a new one is
 * written anyway. Rejects with the system's error and then leaves the old file as it was.
 */
export async function writePageFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
