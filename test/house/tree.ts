import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../../scripts/root.ts';

/** One file of the repository: its path from the root with `/`, and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git']);

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}

/** Every text file below the given folders (all of the repository without any), in order of path. */
export function filesBelow(folders: readonly string[], name: RegExp = /\.(tsx?|mjs|js|sh)$/): readonly SourceFile[] {
  return folders
    .flatMap(walk)
    .filter((path) => name.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export type Import = { readonly from: string; readonly typeOnly: boolean };

/** What a file imports: own files as paths from the root, packages and Node's modules by name. */
export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const found = [
    ...text.matchAll(/^(import|export) (type )?[^;'"]*?from ['"]([^'"]+)['"]/gm),
    ...text.matchAll(/^(import)( )['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\b(import)(\()['"]([^'"]+)['"]\)/g),
  ];
  return found.map(([, , type = '', from = '']) => ({
    from: from.startsWith('.') ? posix.join(posix.dirname(path), from) : from,
    typeOnly: type.startsWith('type'),
  }));
}
