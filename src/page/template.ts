import { readFile } from 'node:fs/promises';

/** Beside the bundle (dist/page.html), or in dist/ when the program runs from its source. */
const PLACES = ['./page.html', '../../dist/page.html'];

/** The page's template; `undefined` when this copy of the program was built without it: health goes on without a page. */
export async function loadTemplate(): Promise<string | undefined> {
  for (const place of PLACES) {
    try {
      return await readFile(new URL(place, import.meta.url), 'utf8');
    } catch {
      // The next place.
    }
  }
  return undefined;
}
