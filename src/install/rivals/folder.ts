import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type TextFile = { readonly name: string; readonly path: string; readonly text: string };

/** The readable files of a folder with this ending; none when there is no such folder. */
export function filesIn(folder: string, ending: string): readonly TextFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      try {
        return [{ name, path, text: readFileSync(path, 'utf8') }];
      } catch {
        // A link to nowhere (a masked unit), or not for us to read.
        return [];
      }
    });
}
