import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayPlace } from '../../core/gateway.ts';

const NAME = /gateway\.crash_loop_breaker\.json$/;

/**
 * When the gateway's own crash-loop breaker last tripped (wall time in ms): it then runs with its channels off and says
 * that it is ready. `undefined` when it never did.
 */
export function breakerTrippedAt({ stateFolder }: GatewayPlace): number | undefined {
  const folder = join(stateFolder, 'logs', 'stability');
  const times = namesIn(folder).flatMap(
    (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    return [];
  }
}
