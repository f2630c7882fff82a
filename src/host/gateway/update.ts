import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatewayBrand } from '../../core/gateway.ts';
import { realPath } from '../real-path.ts';

/** What a crashed update left behind is no update. */
const COUNTS_MS = 3_600_000;

/**
 * Signs of an update in the folders of the gateway's package, each a sentence: what its own updater and npm lay beside
 * it while they exchange it, and a program file that is missing. Running updaters are seen by `surveyWork`.
 */
export function updateSigns(entry: string, brand: GatewayBrand, nowMs: number): readonly string[] {
  const signs = stagesBeside(packageFolder(entry, brand), brand, nowMs).map(
    (path) => `An update of ${brand} is being laid out in ${path}.`,
  );
  // existsSync follows links: one that leads nowhere is a package that was taken away.
  return existsSync(entry)
    ? signs
    : [...signs, `The program file ${entry} is missing: an update of ${brand} may be under way.`];
}

const DEEPEST = 4;

/** The folder of a gateway that runs from its source: where somebody pulls and builds, it is being updated. */
export function checkoutOf(entry: string): string | undefined {
  let folder = dirname(realPath(entry));
  for (let deep = 0; deep < DEEPEST && !folder.endsWith('/node_modules'); deep += 1) {
    if (existsSync(join(folder, '.git'))) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

/** `…/lib/node_modules/openclaw` for a file in it, also through the link on PATH. */
function packageFolder(entry: string, brand: GatewayBrand): string | undefined {
  for (const path of [realPath(entry), entry]) {
    const at = path.lastIndexOf(`/node_modules/${brand}/`);
    if (at >= 0) return path.slice(0, at + `/node_modules/${brand}`.length);
  }
  // A link that leads nowhere: global packages lie in `../lib/node_modules` of their command (npm folders(5)).
  const beside = join(dirname(entry), '../lib/node_modules', brand);
  return existsSync(dirname(beside)) ? beside : undefined;
}

function stagesBeside(folder: string | undefined, brand: GatewayBrand, nowMs: number): readonly string[] {
  if (folder === undefined) return [];
  // `.openclaw-Xy12AbCd` is how npm sets the old package aside.
  const stage = new RegExp(`^\\.${brand}(\\.update-stage-.+|-[A-Za-z0-9]{8})$`);
  try {
    return readdirSync(dirname(folder))
      .filter((name) => stage.test(name))
      .map((name) => join(dirname(folder), name))
      .filter((path) => nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < COUNTS_MS);
  } catch {
    return [];
  }
}
