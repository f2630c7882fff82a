import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { GatewayPlace } from '../core/gateway.ts';
import { type Candidate, isKin, isStartCommand, proves, type ServiceTraits } from '../core/recognise.ts';
import type { TrackedProcess } from '../core/types.ts';
import type { FoundProcess } from './found-process.ts';
import { isGateway } from './gateway/recognise-gateway.ts';
import { isSelfOrAncestor, type ProcessFacts, readProcess, serviceMark } from './processes.ts';

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

/** Processes show where they really are; a config may name its folder through a link. */
export async function withRealFolder(query: ServiceQuery): Promise<ServiceQuery> {
  const { cwd } = query;
  return cwd === undefined ? query : { ...query, cwd: await realpath(cwd).catch(() => cwd) };
}

/** Another daemon, with another home folder, may have a service of the same name. */
export async function markOf(pid: number, { home }: ServiceQuery): Promise<string | undefined> {
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
