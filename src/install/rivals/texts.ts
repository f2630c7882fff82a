import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const SCRIPT = /\.(sh|bash|zsh|py|js|mjs|cjs|rb|pl)$/;
/** The rest of a script is read as little as the rest of a book with that title. */
const SCRIPT_MAX_BYTES = 64 * 1024;

/** What a command says: itself, and the scripts that it names by their whole paths. */
export function textsOf(words: readonly string[]): readonly string[] {
  // The gateway's own program speaks of restarting itself.
  const scripts = words.filter((word) => word.startsWith('/') && SCRIPT.test(word) && !word.includes('/node_modules/'));
  return [words.join(' '), ...scripts.map(beginningOf)];
}

function beginningOf(file: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    if (!fstatSync(descriptor).isFile()) return '';
    const bytes = Buffer.alloc(SCRIPT_MAX_BYTES);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
