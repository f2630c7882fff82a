import type { TrackedProcess } from '../core/types.ts';
import type { FoundProcess } from './found-process.ts';
import { judge, type ServiceQuery, withRealFolder } from './judge-process.ts';
import { holdersOf } from './ports.ts';
import { readProcess } from './processes.ts';
import { heads, nothingElse, searchAll } from './search-service.ts';

export type Whereabouts = {
  /** Who listens on the service's port and can be seen. */
  readonly holders: readonly FoundProcess[];
  /** Somebody listens on the port whom we may not see (another user, another container). */
  readonly unseenHolder: boolean;
  /** Proven processes of the service that were found otherwise; not searched for where a holder is proven. */
  readonly others: readonly FoundProcess[];
  /** Several that are strangers to each other and would all be proven: one of them is not it, so none is proven. */
  readonly rivals: readonly FoundProcess[];
  /** The process that is the service now: proven before kin, kin before what may be watched at most. */
  readonly head: FoundProcess | undefined;
};

/**
 * Says which process is the service now. Costs 5–10 ms for 100 processes (it reads /proc), so it is for when the tracked
 * process is gone or there is none yet.
 */
export async function findService(asked: ServiceQuery, tracked: TrackedProcess | undefined): Promise<Whereabouts> {
  const query = await withRealFolder(asked);
  const { holders, unseenHolder } = await findPortHolders(query, tracked);
  const proven = holders.filter((one) => one.proof !== undefined);
  const rest = proven.length > 0 ? nothingElse : await searchAll(query, tracked);
  // With somebody on its port only a proof or kinship will do.
  const open = holders.length === 0 && !unseenHolder;
  const likely = rest.rivals[0] ?? (open ? rest.likely[0] : undefined);
  const head = first(proven) ?? first(rest.others) ?? first(holders.filter((one) => one.kin)) ?? likely;
  return { holders, unseenHolder, others: rest.others, rivals: rest.rivals, head };
}

export async function findPortHolders(
  query: ServiceQuery,
  tracked: TrackedProcess | undefined,
): Promise<Pick<Whereabouts, 'holders' | 'unseenHolder'>> {
  if (query.port === undefined) return { holders: [], unseenHolder: false };
  const listeners = await holdersOf(query.port);
  const pids = new Set(listeners.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  const holders: FoundProcess[] = [];
  for (const pid of pids) {
    const facts = await readProcess(pid);
    if (facts !== undefined) holders.push(await judge(facts, query, tracked, true));
  }
  return { holders, unseenHolder: listeners.some(({ pid }) => pid === undefined) };
}

function first(found: readonly FoundProcess[]): FoundProcess | undefined {
  return heads(found, new Map(found.map(({ facts }) => [facts.pid, facts.ppid])))[0];
}
