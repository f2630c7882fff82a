import type { EndUnderOwner, FoundHold } from '../../core/events.ts';
import type { GatewayPlace } from '../../core/gateway.ts';
import { keeperOf, type Owner, type OwnerSight } from '../../core/owner.ts';
import type { TrackedProcess } from '../../core/types.ts';
import { findPortHolders } from '../find-service.ts';
import { lookAt } from '../processes.ts';
import { lastWordsOf } from './last-words.ts';
import { askEveryMs, askWhoOwns, type Owned } from './owned.ts';

export type OwnerSurvey = {
  readonly holds: readonly FoundHold[];
  /** It does not run, and ended like this. */
  readonly ended?: EndUnderOwner;
};

/** What an owner gets beyond its own delay: to start it, and for us to see it. */
const LATE_MS = 2_000;
const RESTART_MS = 30_000;
const START_MS = 90_000;
const STOP_AT_MOST_MS = 60_000;
/** How long one answer is believed that a person has stopped it; it is asked again long before. */
const PERSON_MS = 600_000;

/**
 * What a service's owner is about to do, as reasons to wait (DESIGN §5.2): its own restart with its own delay, a start
 * or stop under way, and that a person has stopped it. No reason to wait is a restart that cannot help, because
 * something of the run before still lives. One call of the owner's tool, three for what has failed.
 */
export async function surveyOwner(service: {
  readonly service: string;
  readonly unit: string | undefined;
  readonly gateway?: GatewayPlace | undefined;
  readonly port: number | undefined;
  readonly tracked: TrackedProcess | undefined;
  readonly owner: Owner | undefined;
}): Promise<OwnerSurvey> {
  const owned = await askWhoOwns(service, service.owner);
  if (owned === undefined || 'trouble' in owned) return { holds: [] };
  const { sight } = owned;
  const acts = sight.state === 'restarting' || sight.state === 'starting';
  const hold =
    acts && (await isOrphaned(service, owned)) ? undefined : (holdFor(owned) ?? notSeenYet(service.tracked, owned));
  const holds = hold === undefined ? [] : [hold];
  if (sight.state !== 'failed') return { holds };
  const lastLines = await lastWordsOf(owned.owner);
  // Its counts are of this control group alone, so nothing else need be asked.
  const memory = sight.outOfMemory === true ? { outOfMemory: `${keeperOf(owned.owner)} says: ${sight.says}.` } : {};
  return { holds, ended: { exitCode: sight.exitCode, signal: sight.signal, lastLines, ...memory } };
}

function holdFor({ owner, sight }: Owned): FoundHold | undefined {
  const text = sight.says;
  switch (sight.state) {
    case 'restarting':
      return { kind: 'owner', text, forMs: (sight.actsWithinMs ?? RESTART_MS) + LATE_MS };
    case 'starting':
      return { kind: 'owner', text: `${keeperOf(owner)} is at it: ${text}`, forMs: startMs(sight) };
    case 'stopping':
      return { kind: 'owner', text, forMs: Math.min(sight.stopTimeoutMs ?? STOP_AT_MOST_MS, STOP_AT_MOST_MS) };
    case 'stopped':
    case 'missing':
      return sight.stoppedByPerson ? { kind: 'stopped-by-person', text, forMs: PERSON_MS } : undefined;
    case 'running':
    case 'failed':
      return undefined;
  }
}

/**
 * Its process is gone, and its owner says that it runs: either has not noticed yet what the other knows. Both do within
 * the time in which a process is searched for anew.
 */
function notSeenYet(tracked: TrackedProcess | undefined, owned: Owned): FoundHold | undefined {
  const { owner, sight } = owned;
  if (sight.state !== 'running' || tracked === undefined || lookAt(tracked) !== 'gone') return undefined;
  return { kind: 'owner', text: `${keeperOf(owner)} says: ${sight.says}`, forMs: askEveryMs(owned) + LATE_MS / 4 };
}

function startMs({ startTimeoutMs }: OwnerSight): number {
  return Math.min(startTimeoutMs ?? START_MS, 10 * START_MS);
}

/** Something of it lives without being what the owner is about to start, or holds the port that this will need. */
async function isOrphaned(
  { service, port, tracked }: { service: string; port: number | undefined; tracked: TrackedProcess | undefined },
  { sight, owns }: Owned,
): Promise<boolean> {
  if (tracked !== undefined && tracked.pid !== sight.mainPid && lookAt(tracked) !== 'gone') return true;
  const { holders } = await findPortHolders({ service, port, owns }, tracked);
  return holders.some(({ facts, proof }) => proof !== undefined && facts.pid !== sight.mainPid && owns(facts.pid));
}
