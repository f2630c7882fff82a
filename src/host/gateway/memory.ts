import { sameProcess } from '../../core/command-line.ts';
import type { GatewayPlace } from '../../core/gateway.ts';
import type { ProcessIdentity } from '../../core/types.ts';
import { isSelfOrAncestor, listProcesses, type ProcessFacts } from '../processes.ts';
import { isEarly, looksLikeGateway } from './recognise-gateway.ts';

/** Resident memory of a gateway and all that runs under it; what they share is counted for each. */
export type GatewayMemory = { readonly memoryBytes: number; readonly processes: number };

/**
 * Sums a gateway's process tree: its wrapper, the child that works, their workers. A worker's leak is its leak.
 * Reads the list of all processes. `undefined` when the process is gone.
 */
export async function gatewayMemory(place: GatewayPlace, one: ProcessIdentity): Promise<GatewayMemory | undefined> {
  const all = await listProcesses();
  const found = all.find((facts) => sameProcess(facts, one));
  if (found === undefined) return undefined;
  const tree = treeOf(topOf(found, place, all), all);
  return { memoryBytes: tree.reduce((sum, { rssBytes }) => sum + rssBytes, 0), processes: tree.length };
}

/** Its wrapper, where it is the child of one; the shell or supervisor that started it is not of it. */
function topOf(one: ProcessFacts, place: GatewayPlace, all: readonly ProcessFacts[]): ProcessFacts {
  const parent = all.find(({ pid }) => pid === one.ppid);
  if (parent === undefined || parent.pid === 1 || isSelfOrAncestor(parent.pid)) return one;
  return isEarly(place, parent) || looksLikeGateway(place, parent) ? topOf(parent, place, all) : one;
}

function treeOf(top: ProcessFacts, all: readonly ProcessFacts[]): readonly ProcessFacts[] {
  const tree = new Map([[top.pid, top]]);
  // The map grows while it is gone through: so its generations are reached one after the other.
  for (const parent of tree.keys())
    for (const facts of all) if (facts.ppid === parent && !tree.has(facts.pid)) tree.set(facts.pid, facts);
  return [...tree.values()];
}
