import { isHere, isLasting } from './leave-out.ts';
import type { Seen, SeenPort, SeenService } from './seen.ts';

const RANK = { healthy: 0, page: 1, failing: 2, mute: 3, 'not-asked': 4 } as const;

/** Of the ports that a service will have tomorrow too, the one that tells most of its health; the lowest among equals. */
export function preferredPort({ ports, process }: SeenService, seen: Seen): SeenPort | undefined {
  const isSure = (one: SeenPort) => process === undefined || isLasting(one, process, seen);
  return ports
    .filter((one) => isHere(one) && isSure(one))
    .toSorted((a, b) => RANK[a.answer.kind] - RANK[b.answer.kind] || a.port - b.port)[0];
}
