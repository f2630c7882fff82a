import type { TrackedProcess } from '../../core/types.ts';
import { codeOf } from '../error-code.ts';
import { findService, type Whereabouts } from '../find-service.ts';
import { type FoundProcess, trackedFrom } from '../found-process.ts';
import { judge, type ServiceQuery } from '../judge-process.ts';
import { descendsFrom, listProcesses, readProcess } from '../processes.ts';
import type { Owned } from './owned.ts';

/** Where an owned service is. `head`: the process to follow; `isOwned`: it is the owner's, and not one started by hand. */
export type OwnedWhereabouts = Whereabouts & {
  readonly isOwned: boolean;
  /** The owner says that it runs, and its process is not to be seen from here. */
  readonly runsUnseen: boolean;
};

/**
 * Finds the process of a service that has an owner: what holds its port for the owner without being its main process
 * (an orphan of the run before), else the owner's main process, else what is otherwise provably the service.
 */
export async function findOwnedService(
  query: ServiceQuery,
  owned: Owned,
  tracked: TrackedProcess | undefined,
): Promise<OwnedWhereabouts> {
  const { sight, owns } = owned;
  const asked = { ...query, owns };
  const where = await findService(asked, tracked);
  const orphan = await orphanAmong(where.holders, owns, sight.mainPid);
  if (orphan !== undefined) return { ...where, head: orphan, isOwned: true, runsUnseen: false };
  const main = sight.mainPid === undefined ? undefined : await judgeMain(asked, sight.mainPid, tracked);
  if (main !== undefined) return { ...where, head: main, isOwned: true, runsUnseen: false };
  const runsUnseen = sight.state === 'running' && (await mayRun(query, owned, where));
  return { ...where, isOwned: false, runsUnseen };
}

/** The processes that an owner keeps together as this service. Reads all there are. */
export async function keptBy({ owns }: Pick<Owned, 'owns'>): Promise<readonly number[]> {
  return (await listProcesses()).flatMap(({ pid }) => (owns(pid) ? [pid] : []));
}

/**
 * What systemd calls active without a main process may have ended long ago (a oneshot that remains): then it takes a
 * process of it, or somebody on its port, where it has one here.
 */
async function mayRun({ port }: ServiceQuery, owned: Owned, { holders, unseenHolder }: Whereabouts): Promise<boolean> {
  const { mainPid } = owned.sight;
  if (mainPid !== undefined) return isThere(mainPid);
  if (owned.owner.kind !== 'systemd' || port === undefined || holders.length > 0 || unseenHolder) return true;
  return (await keptBy(owned)).length > 0;
}

/** The owner's main process as it is remembered; `undefined` where none is to be seen. */
export async function trackOwned(
  query: ServiceQuery,
  { owner, sight }: Pick<Owned, 'owner' | 'sight'>,
  tracked: TrackedProcess | undefined,
): Promise<TrackedProcess | undefined> {
  const main = sight.mainPid === undefined ? undefined : await judgeMain(query, sight.mainPid, tracked);
  return main && { ...trackedFrom(main, tracked), owner };
}

/** The owner says so itself: what it calls its main process is the service. */
async function judgeMain(
  query: ServiceQuery,
  mainPid: number,
  tracked: TrackedProcess | undefined,
): Promise<FoundProcess | undefined> {
  const facts = await readProcess(mainPid);
  return facts && (await judge(facts, { ...query, owns: (pid) => pid === mainPid }, tracked));
}

async function orphanAmong(
  holders: readonly FoundProcess[],
  owns: Owned['owns'],
  mainPid: number | undefined,
): Promise<FoundProcess | undefined> {
  const owned = holders.filter(({ proof, facts: { pid } }) => proof !== undefined && pid !== mainPid && owns(pid));
  if (owned.length === 0 || mainPid === undefined) return owned[0];
  const all = await listProcesses();
  return owned.find(({ facts }) => !descendsFrom(facts.pid, mainPid, all));
}

/** Another user's process may not be shown to us (hidepid, proc(5)), one in another machine is not here at all. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
