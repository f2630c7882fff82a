import type { Owner, OwnerSight } from '../../core/owner.ts';
import type { Trouble } from '../../core/types.ts';
import type { ServiceQuery } from '../judge-process.ts';
import { descendsFrom, listProcesses } from '../processes.ts';
import { askOwner } from './ask-owner.ts';
import { type CgroupPlace, cgroupOf } from './cgroup.ts';
import { configuredOwner, type ConfiguredOwner as OwnerFound } from './configured-owner.ts';

/** A service's owner, and what it says now. */
export type Owned = {
  readonly owner: Owner;
  readonly sight: OwnerSight;
  /** A person named this owner in the config; else it was found with the process. */
  readonly isNamed: boolean;
  /** Whether a process is one of those that the owner keeps together as this service. */
  readonly owns: (pid: number) => boolean;
};

/**
 * Asks the owner of a service: the one its config names, else the one its process was found under, else the one that its
 * installer made. `undefined` when nobody is known to own it.
 */
export async function askWhoOwns(
  { unit, gateway }: Pick<ServiceQuery, 'unit' | 'gateway'>,
  found: Owner | undefined,
): Promise<Owned | { readonly trouble: Trouble } | undefined> {
  const answer = unit === undefined ? await askUnnamed(found, gateway?.unit) : await configuredOwner(unit);
  if (answer === undefined || 'trouble' in answer) return answer;
  return { ...answer, isNamed: unit !== undefined, owns: await membership(answer.owner, answer.sight) };
}

async function askUnnamed(found: Owner | undefined, installed: string | undefined): Promise<OwnerFound | undefined> {
  const answer = found && (await askFound(found));
  if (installed === undefined || (answer !== undefined && !isMissing(answer))) return answer;
  const other = await configuredOwner(installed);
  return answer !== undefined && isMissing(other) ? answer : other;
}

async function askFound(owner: Owner): Promise<OwnerFound> {
  const answer = await askOwner(owner);
  return 'trouble' in answer ? answer : { owner, sight: answer.sight };
}

function isMissing(answer: OwnerFound): boolean {
  return 'sight' in answer && answer.sight.state === 'missing';
}

/** How often an owner may be asked about a service that is down: pm2 costs 200 ms, and what a person stopped stays so for long. */
export function askEveryMs({ owner, sight }: Pick<Owned, 'owner' | 'sight'>): number {
  const onceMs = owner.kind === 'pm2' ? 10_000 : owner.kind === 'container' ? 5_000 : 2_000;
  return sight.stoppedByPerson ? 5 * onceMs : onceMs;
}

/** Control groups tell it best: also what has lost its parent stands in them. Elsewhere descent from the main process must do. */
async function membership(owner: Owner, { mainPid }: OwnerSight): Promise<Owned['owns']> {
  if (process.platform === 'linux' && owner.kind === 'systemd') return (pid) => isInUnit(pid, owner);
  if (process.platform === 'linux' && owner.kind === 'container') {
    const { id } = owner;
    const main = mainPid === undefined ? undefined : cgroupOf(mainPid);
    // What runs now may have been made anew under the same name.
    const wanted = main?.kind === 'container' ? main.id : id;
    return (pid) => wanted !== undefined && isInContainer(pid, wanted);
  }
  if (mainPid === undefined) return () => false;
  const all = await listProcesses();
  return (pid) => pid === mainPid || descendsFrom(pid, mainPid, all);
}

function isInContainer(pid: number, id: string): boolean {
  const place = cgroupOf(pid);
  return place?.kind === 'container' && place.id === id;
}

function isInUnit(pid: number | 'self', owner: Extract<Owner, { kind: 'systemd' }>): boolean {
  return isPlaceOf(owner, cgroupOf(pid));
}

/** Units of one name may be the system's and of several users. */
export function isPlaceOf(
  { scope, unit, uid }: Extract<Owner, { kind: 'systemd' }>,
  place: CgroupPlace | undefined,
): boolean {
  if (place?.kind !== 'unit' || place.scope !== scope || place.unit !== unit) return false;
  return scope === 'system' || place.uid === (uid ?? process.getuid?.());
}

/** Whether we ourselves run in what the owner would end: restarting it would end us half-way. */
export function isOurOwnPlace(owner: Owner, sight: OwnerSight): boolean {
  if (owner.kind === 'systemd') return isInUnit('self', owner);
  const own = cgroupOf('self');
  if (owner.kind === 'container') return own?.kind === 'container' && own.id === owner.id;
  return sight.mainPid === process.pid || sight.mainPid === process.ppid;
}
