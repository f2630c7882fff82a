import { headsOf, isStartCommand, mayBe } from '../core/recognise.ts';
import type { TrackedProcess } from '../core/types.ts';
import type { FoundProcess } from './found-process.ts';
import { readGatewayLock } from './gateway/lock.ts';
import { looksLikeGateway } from './gateway/recognise-gateway.ts';
import { judge, markOf, type ServiceQuery } from './judge-process.ts';
import { isSelfOrAncestor, listProcesses, type ProcessFacts } from './processes.ts';

/** What a search through all processes gave. */
export type Rest = {
  /** Proven to be the service. */
  readonly others: readonly FoundProcess[];
  /** Several that are strangers to each other and would all be proven: one of them is not it, so none is proven. */
  readonly rivals: readonly FoundProcess[];
  /** What may be the service and is not provably it: it may be watched. */
  readonly likely: readonly FoundProcess[];
};
export const nothingElse: Rest = { others: [], rivals: [], likely: [] };

/** Looks through all processes: by `match`, else by the start command, else by the mark of what we started ourselves. */
export async function searchAll(query: ServiceQuery, tracked: TrackedProcess | undefined): Promise<Rest> {
  const { gateway } = query;
  if (query.match === undefined && query.argv === undefined && gateway === undefined) return nothingElse;
  const all = (await listProcesses()).filter((facts) => facts.argv.length > 0);
  const parents = new Map(all.map((facts) => [facts.pid, facts.ppid]));
  const locked = gateway === undefined ? undefined : (await readGatewayLock(gateway))?.process;
  const matched = all.filter((facts) => mayBe(facts, query) || facts.pid === locked?.pid);
  const mayStart = (facts: ProcessFacts) =>
    isStartCommand(facts, query) || (gateway !== undefined && looksLikeGateway(gateway, facts));
  const candidates = matched.length > 0 ? matched : all.filter(mayStart);
  const found = await judgeAll(candidates, query, tracked);
  const others = found.filter((one) => one.proof !== undefined);
  if (others.length > 0) return oneOf(others, parents);
  // After a process that was proven, nobody is the service for having the text among its arguments.
  const named = tracked?.proven === true ? [] : found;
  const likely = heads(named.length > 0 ? named : await searchMarked(all, query, tracked), parents);
  return { others: [], rivals: [], likely: likely.sort((a, b) => b.facts.ageMs - a.facts.ageMs) };
}

/** Two that both match: what was known of them before decides, else nobody knows which of them is meant. */
function oneOf(others: readonly FoundProcess[], parents: ReadonlyMap<number, number>): Rest {
  const strangers = heads(others, parents);
  const known = strangers.some(
    ({ proof }) => proof === 'tracked' || proof === 'owner' || proof === 'lock' || proof === 'group',
  );
  if (strangers.length < 2 || known) return { ...nothingElse, others };
  return { ...nothingElse, rivals: strangers.map((one) => ({ ...one, proof: undefined })) };
}

/**
 * A program that made itself a daemon, or that a start script turned into another one. Everything the service starts
 * carries its mark, so only what was born since and leads a group of its own in the service's folder is taken for it.
 */
async function searchMarked(
  all: readonly ProcessFacts[],
  query: ServiceQuery,
  tracked: TrackedProcess | undefined,
): Promise<readonly FoundProcess[]> {
  const { leftWithinMs } = query;
  if (leftWithinMs === undefined) return [];
  const leaders = all.filter((facts) => !facts.terminal && (facts.pid === facts.pgid || facts.ppid === 1));
  const marked: ProcessFacts[] = [];
  for (const facts of leaders) {
    if (facts.ageMs > leftWithinMs || isSelfOrAncestor(facts.pid)) continue;
    if (query.cwd !== undefined && facts.cwd !== query.cwd && facts.cwd !== '/') continue;
    if ((await markOf(facts.pid, query)) === query.service) marked.push(facts);
  }
  return await judgeAll(marked, query, tracked);
}

async function judgeAll(
  candidates: readonly ProcessFacts[],
  query: ServiceQuery,
  tracked: TrackedProcess | undefined,
): Promise<readonly FoundProcess[]> {
  const judged: FoundProcess[] = [];
  for (const facts of candidates) if (!isSelfOrAncestor(facts.pid)) judged.push(await judge(facts, query, tracked));
  return judged;
}

export function heads(found: readonly FoundProcess[], parents: ReadonlyMap<number, number>): FoundProcess[] {
  const facts = headsOf(
    found.map((one) => one.facts),
    parents,
  );
  return found.filter((one) => facts.includes(one.facts));
}
