import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baseName } from '../../core/command-line.ts';
import { BRANDS, type GatewayBrand, type GatewayPlace } from '../../core/gateway.ts';
import { exec } from '../exec.ts';
import { findProgram } from '../find-program.ts';
import { realPath } from '../real-path.ts';
import { readGatewayLock } from './lock.ts';
import type { ProgramSearch } from './program.ts';

type Found = { readonly node: string; readonly from: string };
/** `proven`: it runs this very gateway, so it is the right one whatever its version. */
type Candidate = Found & { readonly proven: boolean };

/** The gateway's own Node: the one that runs it, or is to, else the newest that is installed and new enough. */
export async function findNode(
  place: GatewayPlace,
  search: ProgramSearch,
  ofUnit: string | undefined,
): Promise<Found | undefined> {
  for (const { node, from, proven } of await candidates(place, search, ofUnit))
    if (proven || isNewEnough(await versionOf(node), place.brand)) return { node, from };
  return undefined;
}

/** The brand's command on PATH and in the usual places; also a link that leads nowhere, as in the middle of an update. */
export function commandOnPath(brand: GatewayBrand, { env, homeFolder }: ProgramSearch): string | undefined {
  const usual = ['.npm-global/bin', '.local/bin', '.volta/bin'].map((folder) => join(homeFolder, folder));
  const folders = [...(env['PATH'] ?? '').split(':'), ...usual, ...installed(homeFolder), ...COMMON];
  const found = findProgram(brand, homeFolder, folders.join(':'));
  if (found !== undefined) return found;
  return folders.map((folder) => join(folder, brand)).find((path) => path.startsWith('/') && isLink(path));
}

const COMMON = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

async function candidates(
  place: GatewayPlace,
  search: ProgramSearch,
  ofUnit: string | undefined,
): Promise<readonly Candidate[]> {
  const { env, homeFolder, start } = search;
  const lock = await readGatewayLock(place);
  const command = commandOnPath(place.brand, search);
  const all: readonly (readonly [node: string | undefined, from: string, proven: boolean])[] = [
    [lock === undefined ? undefined : programOf(lock.process.pid), 'the process that runs', true],
    [ofUnit, 'its unit', true],
    [start?.[0], 'its start command', true],
    [command === undefined ? undefined : join(dirname(command), 'node'), 'the folder of its command', false],
    [findProgram('node', homeFolder, env['PATH'] ?? ''), 'PATH', false],
    ...[...installed(homeFolder), ...COMMON].map((folder) => [join(folder, 'node'), folder, false] as const),
  ];
  return all.flatMap(([node, from, proven]) => (node !== undefined && isNode(node) ? [{ node, from, proven }] : []));
}

/** Where version managers and Homebrew keep the Nodes that they installed, newest first in each. */
function installed(homeFolder: string): readonly string[] {
  return [
    ...versionsIn(join(homeFolder, '.nvm/versions/node'), 'bin'),
    ...versionsIn(join(homeFolder, '.local/share/fnm/node-versions'), 'installation/bin'),
    ...versionsIn(join(homeFolder, 'Library/Application Support/fnm/node-versions'), 'installation/bin'),
    ...versionsIn(join(homeFolder, '.volta/tools/image/node'), 'bin'),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) => versionsIn(folder, 'bin', /^node(@\d+)?$/)),
  ];
}

function versionsIn(folder: string, bin: string, name = /./): readonly string[] {
  try {
    const names = readdirSync(folder).filter((one) => name.test(one));
    return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((one) => join(folder, one, bin));
  } catch {
    return [];
  }
}

function isNode(file: string): boolean {
  if (!file.startsWith('/') || !/^node(js)?$/.test(baseName(realPath(file)))) return false;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Linux only: elsewhere the other places tell. */
function programOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

async function versionOf(node: string): Promise<string> {
  const { ok, stdout } = await exec([node, '--version'], { timeoutMs: 5_000 });
  return ok ? stdout.trim() : '';
}

export function isNewEnough(version: string, brand: GatewayBrand): boolean {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const [oldestMajor, oldestMinor] = BRANDS[brand].node;
  if (major === undefined || minor === undefined) return false;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
