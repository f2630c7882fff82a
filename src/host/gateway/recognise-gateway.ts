import { resolve } from 'node:path';
import { baseName, sameProcess } from '../../core/command-line.ts';
import { BRANDS, type GatewayPlace, isGatewayCommand } from '../../core/gateway.ts';
import type { SeenProcess } from '../../core/recognise.ts';
import { readEnvironLinux } from '../processes-linux.ts';
import { realPath } from '../real-path.ts';
import { readGatewayLock } from './lock.ts';

/**
 * Whether this process is provably the gateway of this place: its lock names it or what it was born from, or it looks
 * like a gateway and has its port. Nearest first in `line`.
 */
export async function isGateway(
  place: GatewayPlace,
  line: readonly SeenProcess[],
  holdsPort: boolean,
): Promise<boolean> {
  const lock = await readGatewayLock(place);
  if (lock !== undefined && line.some((one) => sameProcess(one, lock.process))) return true;
  return holdsPort && line[0] !== undefined && looksLikeGateway(place, line[0]);
}

/** One that may yet become a gateway: it has only the title of the brand, as the first seconds of a gateway do. */
export function isEarly(place: GatewayPlace, { pid, argv }: Pick<SeenProcess, 'pid' | 'argv'>): boolean {
  return argv.length === 1 && argv[0]?.trim() === place.brand && isOfPlace(pid, place);
}

/** By its command line, and by its environment where that can be seen: another state folder is another gateway. */
export function looksLikeGateway(place: GatewayPlace, { pid, argv }: Pick<SeenProcess, 'pid' | 'argv'>): boolean {
  return isGatewayCommand(argv, place.brand) && isOfPlace(pid, place);
}

/** What carries a port to where the gateway runs: a container, a tunnel. */
const CARRIERS =
  /^(docker-proxy|rootlessport|slirp4netns|pasta|conmon|gvproxy|com\.docker\.backend|OrbStack Helper|limactl|ssh)$/;

/**
 * Whether who holds the gateway's port may be watched as the gateway, though nothing proves it: it bears the brand's name
 * and is not known to be another one, or it carries the port elsewhere. A web server that took the port may not: it would
 * answer, and all would seem well.
 */
export function mayBeGateway(place: GatewayPlace, { pid, argv }: Pick<SeenProcess, 'pid' | 'argv'>): boolean {
  const [program = ''] = argv;
  if (CARRIERS.test(baseName(program))) return true;
  const words = argv.length === 1 ? program.trim().split(/\s+/) : argv;
  const named = new RegExp(`(^|/)${place.brand}((-gateway)?(\\.m?js)?$|/dist/)`);
  return words.slice(0, MOST_WORDS).some((word) => named.test(word)) && !isOfAnother(pid, place);
}

/** Its own options come before what runs; a path further behind is something that it serves. */
const MOST_WORDS = 4;

function isOfAnother(pid: number, place: GatewayPlace): boolean {
  const environ = process.platform === 'linux' ? readEnvironLinux(pid) : [];
  const folder = stateFolderIn(environ, place);
  return folder !== undefined && folder !== place.stateFolder;
}

/** A process whose environment is hidden, or that has just ended, is not taken for ours; macOS shows none to anybody. */
function isOfPlace(pid: number, place: GatewayPlace): boolean {
  if (process.platform !== 'linux') return true;
  const environ = readEnvironLinux(pid);
  if (environ.length === 0) return false;
  const folder = stateFolderIn(environ, place);
  return folder === undefined || folder === place.stateFolder;
}

function stateFolderIn(environ: readonly string[], { brand }: GatewayPlace): string | undefined {
  const { prefix, folder } = BRANDS[brand];
  const variable = (name: string) => environ.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const named = variable(`${prefix}_STATE_DIR`);
  const home = variable('HOME');
  if (named !== undefined) return realPath(resolve(home ?? '/', named.replace(/^~(?=\/|$)/, '.')));
  return home === undefined ? undefined : realPath(resolve(home, folder));
}
