import { readFileSync } from 'node:fs';
import type { GatewayPlace } from '../core/gateway.ts';
import { findEntry, findGatewayProgram, type ProgramSearch } from '../host/gateway/program.ts';
import { realPath } from '../host/real-path.ts';

/**
 * The command that starts this gateway, in whole paths: a daemon has another PATH than the shell of whoever asks, and
 * other versions of Node. `undefined` when its program or a Node for it is not found.
 */
export async function gatewayStart(place: GatewayPlace, search: ProgramSearch): Promise<readonly string[] | undefined> {
  const entry = findEntry(place, search);
  const program = await findGatewayProgram(place, search);
  if (entry === undefined || 'missing' in program) return undefined;
  // The link as it is, for an update changes what it leads to.
  return isForNode(entry) ? [program.node, entry, 'gateway'] : [entry, 'gateway'];
}

function isForNode(entry: string): boolean {
  const file = realPath(entry);
  if (/\.[cm]?js$/.test(file)) return true;
  try {
    return /^#!.*\bnode\b/.test(readFileSync(file, 'utf8').slice(0, 200));
  } catch {
    return false;
  }
}
