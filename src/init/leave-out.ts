import { programIn } from '../core/program.ts';
import { isBelow } from './folders.ts';
import { knownOwner, knownProgram } from './known-programs.ts';
import type { Seen, SeenPort, SeenProcess, SeenService } from './seen.ts';
import { unitText } from './unit-text.ts';

type Host = Pick<Seen, 'uid' | 'homeFolder' | 'ownPortsFrom'>;

/**
 * Why something that listens is not put into a config, as the end of a sentence; `undefined` when it may be. What is
 * left out is not asked anything either.
 */
export function leaveOut({ process, ports, owner, partOf }: Omit<SeenService, 'ports'> & Ports, host: Host) {
  if (partOf === 'jarvis-health') return 'is jarvis-health itself';
  if (partOf === 'gateway') return 'belongs to the gateway';
  if (partOf === 'other-gateway') return 'is another gateway; name it yourself if it is to be watched';
  if (process === undefined) return 'cannot be seen from here, as what other users run';
  if (/^PM2 v\d/.test(process.argv[0] ?? '')) return 'is pm2 itself; name what it runs with `unit: pm2:NAME`';
  const isOwned = owner !== undefined && owner !== 'unknown';
  const known = knownProgram(process.argv) ?? (isOwned ? knownOwner(owner) : undefined);
  if (known !== undefined) return known;
  if (isOwned && runsHidden(process, host)) return TOOL;
  if (!ports.some(isHere)) return 'listens on another address than this host itself';
  // An owner can be asked how things are; all else is known by its port alone.
  if (isOwned && unitText(owner) !== undefined) return undefined;
  if (!ports.some((one) => isLasting(one, process, host))) return 'has a port that is chosen anew at every start';
  return owner === undefined ? placeTrouble(process, host) : undefined;
}

type Ports = { readonly ports: readonly Pick<SeenPort, 'address' | 'port'>[] };

function placeTrouble(process: SeenProcess, { homeFolder }: Host): string | undefined {
  const places = [process.cwd, scriptOf(process)].filter((place) => place !== undefined);
  const inside = homeFolder === '/' ? [] : places.filter((place) => isBelow(place, homeFolder));
  if (inside.length === 0) return 'is supervised by nobody and does not run in your home folder';
  return inside.some((place) => isHidden(place, homeFolder)) ? TOOL : undefined;
}

const TOOL = 'runs from a hidden folder, as tools do';

/** The editor's own helpers have a unit above them, that of the login or the editor. */
function runsHidden(process: SeenProcess, { homeFolder }: Host): boolean {
  const script = scriptOf(process);
  return script !== undefined && isBelow(script, homeFolder) && isHidden(script, homeFolder);
}

function isHidden(place: string, homeFolder: string): boolean {
  return place.slice(homeFolder.length + 1).startsWith('.');
}

/** Where a loopback question reaches it: on loopback itself, or on every address. */
export function isHere({ address }: Pick<SeenPort, 'address'>): boolean {
  return /^(0\.0\.0\.0|::|127\.\d+\.\d+\.\d+|::1)$/.test(address);
}

/** A port that the system chose is another one tomorrow, unless the program was told to take it. */
export function isLasting({ port }: Pick<SeenPort, 'port'>, process: SeenProcess, host: Pick<Seen, 'ownPortsFrom'>) {
  if (port < host.ownPortsFrom || process.portVariable === String(port)) return true;
  return process.argv.some((word) => new RegExp(`(^|\\D)${port}(\\D|$)`).test(word));
}

/** The file that runs, where its command line names it with its folder. */
function scriptOf({ argv }: SeenProcess): string | undefined {
  const word = argv[programIn(argv)?.last ?? 0];
  return word?.startsWith('/') === true ? word : undefined;
}
