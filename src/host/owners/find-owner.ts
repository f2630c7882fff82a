import { baseName } from '../../core/command-line.ts';
import type { Owner } from '../../core/owner.ts';
import type { ProcessIdentity } from '../../core/types.ts';
import { isSelfOrAncestor, listProcesses, type ProcessFacts, readProcess } from '../processes.ts';
import { askOwner } from './ask-owner.ts';
import { isBehind } from './behind.ts';
import { type CgroupPlace, cgroupOf } from './cgroup.ts';
import { askEngine } from './containers.ts';
import { jobsByPid, ownDomain } from './launchd.ts';
import { pm2HomeOf, pm2NameOf } from './pm2.ts';

const ASK_TIMEOUT_MS = 3_000;
/** What we start ourselves becomes such a unit (start-in-manager.ts); systemd does not restart it. */
const OURS = 'jarvis-health-';

/**
 * Says who supervises a process: `undefined` for nobody, `unknown` when somebody seems to and could not be asked. To
 * stand in a unit's control group is not enough: what cron, a login or an agent started stands in theirs. The owner is
 * whoever would bring back this very process, so it must be the unit's main process, or run behind it (behind.ts).
 * A process that no unit, job or container could own costs one small file; others one call of 5–15 ms.
 */
export async function findOwner(facts: ProcessFacts): Promise<Owner | undefined | 'unknown'> {
  if (isSelfOrAncestor(facts.pid)) return undefined;
  const line = await lineOf(facts);
  const pm2 = await pm2Above(line);
  if (pm2 !== undefined) return pm2;
  if (process.platform === 'darwin') return await jobOf(line);
  const place = cgroupOf(facts.pid);
  if (place === undefined) return undefined;
  return place.kind === 'container' ? await containerOf(place) : await unitOf(place, line);
}

/**
 * Whether the main process of an owner has come to keep others beside this one: it may have had only this one when it was
 * found to own it.
 */
export async function isOneOfSeveral(process: ProcessIdentity, mainPid: number): Promise<boolean> {
  const facts = await readProcess(process.pid);
  if (facts === undefined || facts.startToken !== process.startToken) return false;
  const line = await lineOf(facts);
  return line.some(({ pid }) => pid === mainPid) && !(await standsBehind(line, mainPid));
}

/** The process, what started it, and so on; without pid 1. */
async function lineOf(facts: ProcessFacts): Promise<readonly ProcessFacts[]> {
  const line = [facts];
  for (let pid = facts.ppid; pid > 1 && line.length < 32; pid = line.at(-1)?.ppid ?? 0) {
    const parent = await readProcess(pid);
    if (parent === undefined) break;
    line.push(parent);
  }
  return line;
}

async function standsBehind(line: readonly ProcessFacts[], pid: number): Promise<boolean> {
  return line[0]?.pid === pid || isBehind(line, pid, await listProcesses());
}

async function pm2Above(line: readonly ProcessFacts[]): Promise<Owner | undefined | 'unknown'> {
  const at = line.findIndex((one) => pm2HomeOf(one) !== undefined);
  const daemon = line[at];
  const child = line[at - 1];
  const home = daemon === undefined ? undefined : pm2HomeOf(daemon);
  // What a supervised program has started for itself is not pm2's.
  if (child === undefined || home === undefined || !(await standsBehind(line, child.pid))) return undefined;
  return pm2NameOf(child.pid, home) ?? 'unknown';
}

async function jobOf(line: readonly ProcessFacts[]): Promise<Owner | undefined> {
  const jobs = await jobsByPid(ASK_TIMEOUT_MS);
  const main = line.find((one) => jobs.has(one.pid));
  const label = main && jobs.get(main.pid);
  if (main === undefined || label === undefined || !(await standsBehind(line, main.pid))) return undefined;
  return { kind: 'launchd', domain: ownDomain(), label };
}

async function containerOf({ engine, id }: Extract<CgroupPlace, { kind: 'container' }>): Promise<Owner | undefined> {
  const own = cgroupOf('self');
  if (own?.kind === 'container' && own.id === id) return undefined;
  const seen = await askEngine({ kind: 'container', engine, name: id.slice(0, 12), id }, ASK_TIMEOUT_MS);
  // Its control group proves the container also where its engine may not be asked.
  return { kind: 'container', engine, id, name: 'name' in seen ? seen.name : id.slice(0, 12) };
}

async function unitOf(
  place: Extract<CgroupPlace, { kind: 'unit' }>,
  line: readonly ProcessFacts[],
): Promise<Owner | undefined | 'unknown'> {
  if (baseName(place.unit).startsWith(OURS)) return undefined;
  const owner = systemdOwner(place);
  const answer = await askOwner(owner, ASK_TIMEOUT_MS);
  if ('trouble' in answer) return 'unknown';
  const { mainPid } = answer.sight;
  return mainPid !== undefined && (await standsBehind(line, mainPid)) ? owner : undefined;
}

function systemdOwner({ scope, unit, uid }: Extract<CgroupPlace, { kind: 'unit' }>): Owner {
  const isOther = uid !== undefined && uid !== process.getuid?.();
  return { kind: 'systemd', scope, unit, ...(isOther ? { uid } : {}) };
}
