import { shortCommand } from '../core/command-line.ts';
import type { Owner } from '../core/owner.ts';
import type { ProcessSight, Usage } from '../core/process-sight.ts';
import type { TrackedProcess } from '../core/types.ts';
import { findService, type Whereabouts } from './find-service.ts';
import { sizeOf } from './found-file.ts';
import { type FoundProcess, nameProcess, trackedFrom } from './found-process.ts';
import { mayBeGateway } from './gateway/recognise-gateway.ts';
import type { ServiceQuery } from './judge-process.ts';
import { findOwnedService } from './owners/find-owned.ts';
import { findOwner } from './owners/find-owner.ts';
import { askEveryMs, askWhoOwns, type Owned } from './owners/owned.ts';
import type { ProcessFacts } from './processes.ts';

/** A search through all processes costs up to 10 ms and looks come every 250 ms. */
const SEARCH_EVERY_MS = 2_000;

/** By what a service is known; `logFile` is where its output goes when we started it. */
export type ProcessTraits = Omit<ServiceQuery, 'home' | 'owns' | 'leftWithinMs'> & {
  readonly logFile?: string | undefined;
};

/** What is known of it from before: `name` is what its tracked process was called. */
export type Before = {
  readonly tracked: TrackedProcess | undefined;
  /** Who owned the last process of it. */
  readonly owner: Owner | undefined;
  readonly home: string | undefined;
  readonly name: string;
  /** See ServiceQuery. */
  readonly leftWithinMs?: number | undefined;
};

/** What was found, and how soon it may be searched for again. */
export type Search = { readonly sight: ProcessSight; readonly againMs: number };

/**
 * Searches for the process that is the service now, by its owner first. Throws when the owner that a person has named
 * cannot be asked: then it is not known how the service is.
 */
export async function findProcess(traits: ProcessTraits, before: Before): Promise<Search> {
  const { tracked, home, leftWithinMs } = before;
  const owned = await askWhoOwns(traits, before.owner);
  if (owned !== undefined && 'trouble' in owned) {
    if (traits.unit !== undefined) throw new Error(owned.trouble.message);
  } else if (owned !== undefined && (owned.isNamed || owned.sight.state !== 'missing')) {
    return { sight: await findOwned(traits, before, owned), againMs: askEveryMs(owned) };
  }
  const where = await findService({ ...traits, home, leftWithinMs }, tracked);
  return { sight: await nameOwnerOf(conclude(where, traits, before), where), againMs: SEARCH_EVERY_MS };
}

async function findOwned(traits: ProcessTraits, before: Before, owned: Owned): Promise<ProcessSight> {
  const { tracked, home } = before;
  const where = await findOwnedService({ ...traits, home }, owned, tracked);
  const { head } = where;
  if (head !== undefined && where.isOwned)
    return aliveAs(head, { ...trackedFrom(head, tracked), owner: owned.owner }, traits);
  if (where.runsUnseen) return { kind: 'runs', says: owned.sight.says };
  const otherwise = await nameOwnerOf(conclude(where, traits, before), where);
  if (otherwise.kind === 'alive' || otherwise.kind === 'foreign') return otherwise;
  return { kind: 'down', wasTracked: tracked !== undefined, owner: owned.sight };
}

async function nameOwnerOf(sight: ProcessSight, { holders, head }: Whereabouts): Promise<ProcessSight> {
  if (sight.kind !== 'alive') return sight;
  const found = [head, ...holders].find((one) => one?.facts.pid === sight.process.pid);
  const process = found && (await withOwner(sight.process, found.facts));
  return process === undefined ? sight : { ...sight, process };
}

/** The process with its owner; `undefined` when somebody seems to own it and cannot be asked now. */
export async function withOwner(process: TrackedProcess, facts: ProcessFacts): Promise<TrackedProcess | undefined> {
  const owner = await findOwner(facts);
  const { owner: _before, ...rest } = process;
  if (owner === 'unknown') return undefined;
  return owner === undefined ? rest : { ...rest, owner };
}

function conclude(where: Whereabouts, traits: ProcessTraits, { tracked, name }: Before): ProcessSight {
  const { head, holders, unseenHolder } = where;
  const [holder] = holders;
  // Never seen before and nothing said about how to recognise it: whoever listens on its port is it (DESIGN §4.2).
  // One that was watched on the same terms may be replaced on the same terms; one that was proven may not.
  const anyone = traits.match === undefined && tracked?.proven !== true;
  // Every program that answers would pass for a well gateway.
  const { gateway } = traits;
  const likely = holders.find(({ facts }) => gateway === undefined || mayBeGateway(gateway, facts));
  const found = head ?? (anyone ? likely : undefined);
  if (found !== undefined) return aliveAs(found, trackedFrom(found, tracked), traits);
  if (holder !== undefined)
    return { kind: 'foreign', wasTracked: tracked !== undefined, holder: nameProcess(holder.facts) };
  if (unseenHolder && (tracked !== undefined || traits.match !== undefined))
    return { kind: 'foreign', wasTracked: tracked !== undefined, holder: undefined };
  if (tracked !== undefined) return { kind: 'gone', name };
  if (traits.match !== undefined) return { kind: 'absent', by: traits.match };
  if (traits.argv !== undefined && traits.port === undefined) return { kind: 'absent', by: shortCommand(traits.argv) };
  return {
    kind: 'nothing',
    because: unseenHolder
      ? `what listens on port ${traits.port} belongs to another user and is not shown`
      : 'no process of it was seen yet',
  };
}

function aliveAs({ facts }: FoundProcess, process: TrackedProcess, traits: ProcessTraits): ProcessSight {
  const stopped = facts.state === 'T' || facts.state === 't';
  return { kind: 'alive', process, name: nameProcess(facts), stopped, usage: usageOf(facts, traits) };
}

/** A service that writes its log while it starts is at work (DESIGN §5.7). */
export function usageOf({ cpuMs, rssBytes, ageMs }: ProcessFacts, { logFile }: ProcessTraits): Usage {
  return { cpuMs, rssBytes, ageMs, logBytes: logFile === undefined ? 0 : sizeOf(logFile) };
}
