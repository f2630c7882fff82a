import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { baseName } from '../../core/command-line.ts';
import { BRANDS, type GatewayBrand, type GatewayPlace } from '../../core/gateway.ts';
import { realPath } from '../real-path.ts';
import { commandOnPath, findNode } from './find-node.ts';
import { findGatewayUnit } from './unit-file.ts';

/** The gateway's package and the Node that runs it: its command line works with no other Node (its first line is `env node`). */
export type GatewayProgram = {
  readonly node: string;
  /** The file of the package that Node is given. */
  readonly entry: string;
  /** From its package.json. */
  readonly version: string | undefined;
  /** Where its Node was found. */
  readonly from: string;
};

export type ProgramSearch = {
  readonly homeFolder: string;
  /** The environment of its start command; its PATH is searched. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its start command in the config, where there is one. */
  readonly start?: readonly string[] | undefined;
};

/** Finds the gateway's program and its own Node, or says as a sentence which of them is missing. */
export async function findGatewayProgram(
  place: GatewayPlace,
  search: ProgramSearch,
): Promise<GatewayProgram | { readonly missing: string }> {
  const entry = findEntry(place, search);
  if (entry === undefined) return { missing: `the command \`${place.brand}\` was not found` };
  const found = await findNode(place, search, findGatewayUnit(place, search.homeFolder)?.argv[0]);
  if (found !== undefined) return { ...found, entry: realPath(entry), version: packageVersion(entry) };
  const [major, minor] = BRANDS[place.brand].node;
  return { missing: `no Node of version ${major}.${minor} or newer was found, which ${place.brand} needs` };
}

/**
 * The file of the gateway's package that Node runs: from its unit, its start command, or PATH. It is given also when it
 * is missing: that tells of an update.
 */
export function findEntry(place: GatewayPlace, search: ProgramSearch): string | undefined {
  const { brand } = place;
  const unit = findGatewayUnit(place, search.homeFolder);
  return entryIn(unit?.argv ?? [], brand) ?? entryIn(search.start ?? [], brand) ?? commandOnPath(brand, search);
}

function entryIn(argv: readonly string[], brand: GatewayBrand): string | undefined {
  const inPackage = new RegExp(`/${brand}/(dist/)?[^/]+\\.m?js$`);
  return argv.find((word) => word.startsWith('/') && (baseName(word) === brand || inPackage.test(word)));
}

/** From the nearest package.json above its file. */
function packageVersion(entry: string): string | undefined {
  for (let folder = dirname(realPath(entry)), deep = 0; deep < 3; folder = dirname(folder), deep += 1) {
    try {
      const version = /"version"\s*:\s*"([^"]{1,40})"/.exec(readFileSync(`${folder}/package.json`, 'utf8'))?.[1];
      if (version !== undefined) return version;
    } catch {
      // One folder up.
    }
  }
  return undefined;
}
