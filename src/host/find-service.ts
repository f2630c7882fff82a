import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { sameProcess, shortCommand } from '../core/command-line.ts';
import type { GatewayPlace } from '../core/gateway.ts';
import {
  type Candidate,
  headsOf,
  isKin,
  isStartCommand,
  mayBe,
  type Proof,
  proves,
  type ServiceTraits,
} from '../core/recognise.ts';
import type { TrackedProcess } from '../core/types.ts';
import { readGatewayLock } from './gateway/lock.ts';
import { isGateway, looksLikeGateway } from './gateway/recognise-gateway.ts';
import { holdersOf } from './ports.ts';
import { isSelfOrAncestor, listProcesses, type ProcessFacts, readProcess, serviceMark } from './processes.ts';

/** What is known of a service before it is seen; `port` only where it listens on this host. */
export type ServiceQuery = ServiceTraits & {
  readonly port?: number | undefined;
  /** Home folder of the daemon that asks: only what it started itself is proven by its mark. */
  readonly home?: string | undefined;
  /** Where its lock is and what it looks like, when it is an agent's gateway. */
  readonly gateway?: GatewayPlace | undefined;
  /** Whether the service's owner keeps this process as a part of it; only where there is an owner. */
  readonly owns?: ((pid: number) => boolean) | undefined;
  /**
   * Set while it is starting: how long ago its start command was run (ms), which may have ended and left its work to
   * another process. Only then is what carries our mark taken for the service, for its jobs inherit the mark too.
   */
  readonly leftWithinMs?: number | undefined;
};

export type FoundProcess = {
  readonly facts: ProcessFacts;
  /** How it is provably the service; without a proof it may be watched and never ended. */
  readonly proof: Proof | undefined;
  /** Of the same kind as the tracked process was. */
  readonly kin: boolean;
  /** It carries our mark and is the very start command: we started this process itself, not something it started. */
  readonly startedByUs: boolean;
};

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

/** Reads what the process was born from and says whether it is the service. We ourselves are never any service. */
export async function judge(
  facts: ProcessFacts,
  asked: ServiceQuery,
  tracked: TrackedProcess | undefined,
  holdsPort = false,
): Promise<FoundProcess> {
  if (isSelfOrAncestor(facts.pid)) return { facts, proof: undefined, kin: false, startedByUs: false };
  const query = await withRealFolder(asked);
  const ancestors = await ancestorsOf(facts);
  const candidate: Candidate = {
    ...facts,
    mark: await markOf(facts.pid, query),
    holdsPort,
    ancestors,
    owned: query.owns?.(facts.pid) === true,
    named: query.gateway !== undefined && (await isGateway(query.gateway, [facts, ...ancestors], holdsPort)),
  };
  return {
    facts,
    proof: proves(candidate, query, tracked),
    kin: tracked !== undefined && isKin(tracked, facts, homedir()),
    startedByUs: candidate.mark === query.service && isStartCommand(facts, query),
  };
}

/** What the judge remembers of a process that was found. */
export function trackedFrom(found: FoundProcess, before: TrackedProcess | undefined): TrackedProcess {
  const { facts, proof } = found;
  return {
    pid: facts.pid,
    startToken: facts.startToken,
    command: facts.command,
    cwd: facts.cwd,
    hadTerminal: facts.terminal,
    proven: proof !== undefined,
    ownGroup: ownGroupOf(found, before),
    ...(before?.owner !== undefined && sameProcess(before, facts) ? { owner: before.owner } : {}),
  };
}

/** `python3 app.py (pid 812)`. */
export function nameProcess(facts: Pick<ProcessFacts, 'pid' | 'argv' | 'command'>): string {
  return `${facts.argv.length > 0 ? shortCommand(facts.argv) : facts.command} (pid ${facts.pid})`;
}

/** The group is ours when it is the one we made, or when what leads it is what we started. */
function ownGroupOf(
  { facts, proof, startedByUs }: FoundProcess,
  before: TrackedProcess | undefined,
): number | undefined {
  if (proof === undefined) return undefined;
  if (before?.ownGroup === facts.pgid) return facts.pgid;
  const leads = facts.pid === facts.pgid && !facts.terminal;
  return startedByUs && leads ? facts.pgid : undefined;
}

function first(found: readonly FoundProcess[]): FoundProcess | undefined {
  return heads(found, new Map(found.map(({ facts }) => [facts.pid, facts.ppid])))[0];
}

function heads(found: readonly FoundProcess[], parents: ReadonlyMap<number, number>): FoundProcess[] {
  const facts = headsOf(
    found.map((one) => one.facts),
    parents,
  );
  return found.filter((one) => facts.includes(one.facts));
}

type Rest = Pick<Whereabouts, 'others' | 'rivals'> & {
  /** What may be the service and is not provably it: it may be watched. */
  readonly likely: readonly FoundProcess[];
};
const nothingElse: Rest = { others: [], rivals: [], likely: [] };

/** Looks through all processes: by `match`, else by the start command, else by the mark of what we started ourselves. */
async function searchAll(query: ServiceQuery, tracked: TrackedProcess | undefined): Promise<Rest> {
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

/** Processes show where they really are; a config may name its folder through a link. */
async function withRealFolder(query: ServiceQuery): Promise<ServiceQuery> {
  const { cwd } = query;
  return cwd === undefined ? query : { ...query, cwd: await realpath(cwd).catch(() => cwd) };
}

/** Another daemon, with another home folder, may have a service of the same name. */
async function markOf(pid: number, { home }: ServiceQuery): Promise<string | undefined> {
  return home === undefined ? undefined : await serviceMark(pid, home);
}

async function ancestorsOf(facts: ProcessFacts): Promise<readonly ProcessFacts[]> {
  const line: ProcessFacts[] = [];
  let pid = facts.ppid;
  while (pid > 1 && line.length < 32 && !isSelfOrAncestor(pid)) {
    const parent = await readProcess(pid);
    if (parent === undefined) break;
    line.push(parent);
    pid = parent.ppid;
  }
  return line;
}
