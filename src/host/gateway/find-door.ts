import { doorOf, type GatewayDoor, type GatewayPlace } from '../../core/gateway.ts';
import { holdersOf } from '../ports.ts';
import type { GatewayLock } from './lock.ts';

/** What of a listening address is reached at the loopback. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '*': '127.0.0.1' };

/**
 * Where a gateway that runs is to be asked, by its lock and by what it really listens on: its config may already name
 * the next port, and it may listen on one address of another network only. `undefined` while it listens nowhere.
 */
export async function findDoor(
  place: GatewayPlace,
  { process, port = place.port }: GatewayLock,
): Promise<GatewayDoor | undefined> {
  const listeners = await holdersOf(port);
  const own = listeners.find(({ pid }) => pid === process.pid);
  return own && { ...doorOf({ ...place, port }), host: LOOPBACK[own.address] ?? own.address };
}
