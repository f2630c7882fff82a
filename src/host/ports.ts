import { joined } from './joined.ts';
import { findHoldersLinux, readListeningSockets } from './ports-linux.ts';
import { findHoldersMacos } from './ports-macos.ts';

/** A TCP port that something listens on. `command` quotes the host and is empty when the process may not be seen. */
export type Listener = {
  readonly address: string;
  readonly port: number;
  readonly pid: number | undefined;
  readonly command: string;
};

const onMacos = process.platform === 'darwin';

/**
 * Everything that listens for TCP on this host, on any address, by port. A socket that parent and children share is
 * listed once, with the parent. About 10 ms for 100 processes on Linux.
 */
export async function findListeners(): Promise<readonly Listener[]> {
  const all = onMacos ? await findHoldersMacos() : await findHoldersLinux(readListeningSockets());
  const first = new Map<string, Listener>();
  // Process numbers rise, so the lowest is the parent in all but the rare wrap-around.
  for (const one of [...all].sort((a, b) => (a.pid ?? 0) - (b.pid ?? 0))) {
    const socket = `${one.address} ${one.port}`;
    if (!first.has(socket)) first.set(socket, one);
  }
  return [...first.values()].sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

/** A thousand services that are looked for at the same time are found in one pass over all processes. */
const allHolders = joined(() => findHoldersLinux(readListeningSockets()));

/**
 * Every process that has a socket listening on this port, on any address. An entry without pid says that somebody
 * listens whom we may not see (another user's process, another container).
 */
export async function holdersOf(port: number): Promise<readonly Listener[]> {
  if (onMacos) return await findHoldersMacos(port);
  return (await allHolders()).filter((one) => one.port === port);
}
