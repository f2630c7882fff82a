import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/**
 * The file that a command's first word would run, as execvp(3) finds it: a word with a slash is a path from `cwd`, any
 * other is looked for along `path`. `undefined` when there is none that may be executed.
 */
export function findProgram(word: string, cwd: string, path: string): string | undefined {
  if (word.includes('/')) {
    const file = isAbsolute(word) ? word : resolve(cwd, word);
    return isProgram(file) ? file : undefined;
  }
  return path
    .split(delimiter)
    .map((folder) => join(resolve(cwd, folder), word))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
