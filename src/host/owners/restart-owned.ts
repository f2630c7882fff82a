import type { StepOutcome } from '../../core/events.ts';
import type { OwnerSight } from '../../core/owner.ts';
import type { TrackedProcess, Trouble } from '../../core/types.ts';
import { waitUntilGone } from '../end-processes.ts';
import type { Hands } from '../hands.ts';
import type { ServiceQuery } from '../judge-process.ts';
import { descendsFrom, listProcesses, lookAt } from '../processes.ts';
import { findVictims, stopAll, stopGraceFor, type Victim } from '../stop-service.ts';
import { keptBy, trackOwned } from './find-owned.ts';
import { findOtherOwner, type OtherOwner } from './other-owner.ts';
import { askWhoOwns, isOurOwnPlace, type Owned } from './owned.ts';
import type { Deed } from './owner-commands.ts';
import { type OwnedRestart, order, settle } from './owner-orders.ts';
import { troubles } from './owner-troubles.ts';

/** What a killed process may take to go. */
const GONE_MS = 5_000;
/**
 * Brings a service back through its owner (DESIGN §5.2). Exit codes of the owner's tools are never believed: afterwards
 * it is asked how things are. Ends nothing itself but what still holds the port for the service after its owner has
 * acted, and only with a proof. The caller has found that the owner knows the service (`missing` is not for here).
 */
export async function restartOwned(asked: ServiceQuery, owned: Owned, wish: OwnedRestart): Promise<StepOutcome> {
  const { owner, sight } = owned;
  // The port of a container is held by its engine, that of a pm2 cluster by pm2 itself: neither is in the way.
  const holdsForIt = owner.kind === 'container' || owner.kind === 'pm2';
  const query = holdsForIt ? { ...asked, port: undefined } : asked;
  const { hands, tracked, home, reason } = wish;
  if (isOurOwnPlace(owner, sight)) return refused(troubles.ours(owner));
  if (sight.stoppedByPerson && !wish.asked) return refused(troubles.stopped(owner, sight));
  const victims = await findVictims({ ...query, home, owns: owned.owns }, tracked);
  if ('refusal' in victims) return refused(victims.refusal);
  const leftovers = victims.all.filter(({ facts }) => facts.pid !== sight.mainPid);
  const orphans = await orphansAmong(leftovers, sight.mainPid);
  const deed = deedFor(owned, wish, orphans.length > 0);
  if (typeof deed !== 'string') return await leftAlone(query, owned, wish, deed);
  const other = await findOtherOwner(
    leftovers.map(({ facts }) => facts),
    owned,
  );
  if (other !== undefined) return await throughAnother(asked, owned, wish, other);
  if (wish.signal.aborted) return { outcome: 'failed', did: [], trouble: troubles.calledOff() };

  const before = hands.planned.length;
  const grace = stopGraceFor(reason, wish.stopGraceMs, wish.hungStopGraceMs);
  const did: string[] = [];
  // What holds the port would make every start fail, so it goes first where nothing else is to be ended.
  if (deed === 'start') {
    const ended = await endOrphans(orphans, hands, grace);
    did.push(...ended.did);
    if (ended.trouble !== undefined) return { outcome: 'failed', did, trouble: ended.trouble };
  }
  const withoutMain = owner.kind === 'systemd' && sight.mainPid === undefined;
  const kept = withoutMain ? await keptBy(owned) : [];
  const old = new Set([sight.mainPid ?? 0, ...victims.all.map(({ facts }) => facts.pid), ...kept]);
  const ordered = await order(owned, deed, hands);
  did.push(ordered.did);
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before) };
  let isEmptied = false;
  if (deed !== 'start') {
    const main = victims.all.filter(({ facts }) => facts.pid === sight.mainPid).map(({ facts }) => facts);
    if (deed === 'replace') await waitUntilGone(main, GONE_MS);
    const ended = await endOrphans(leftovers, hands, deed === 'replace' ? 0 : grace);
    did.push(...ended.did);
    if (ended.trouble !== undefined) return { outcome: 'failed', did, trouble: ended.trouble };
    isEmptied = withoutMain && ended.did.length > 0;
  }
  return await settle(query, owned, wish, { deed, did, old, isEmptied, trouble: ordered.trouble });
}

/** What is only guessed to own it yields to who owns what runs; where a person has named it, the person is asked. */
async function throughAnother(
  asked: ServiceQuery,
  owned: Owned,
  wish: OwnedRestart,
  other: OtherOwner,
): Promise<StepOutcome> {
  const better = owned.isNamed || other.owner === 'unknown' ? undefined : await askWhoOwns({}, other.owner);
  if (better === undefined) return refused(troubles.another(owned.owner, other));
  if ('trouble' in better) return { outcome: 'failed', did: [], trouble: better.trouble };
  return await restartOwned(asked, { ...better, isNamed: true }, wish);
}

/** What to ask for, or why nothing need be asked for now. */
function deedFor(
  { owner, sight }: Owned,
  { reason, tracked, asked }: OwnedRestart,
  hasOrphans: boolean,
): Deed | { readonly wait: boolean } {
  const isDead = reason === 'gone' || reason === 'absent';
  // systemd can kill no main process where it knows none (Type=forking without a number, a oneshot that remains).
  const replace = owner.kind === 'systemd' && sight.mainPid === undefined ? 'restart' : 'replace';
  const inOrder = reason === 'silent' ? replace : 'restart';
  switch (sight.state) {
    case 'running':
      return !asked && !hasOrphans && (isDead || isReplaced(sight, tracked)) ? { wait: false } : inOrder;
    case 'starting':
      return asked || reason === 'silent' ? 'restart' : { wait: false };
    case 'restarting':
      // Its own delay is its own, unless something of the run before stands in its way.
      return asked || hasOrphans ? 'start' : { wait: false };
    case 'stopping':
      return asked ? replace : { wait: true };
    case 'stopped':
    case 'failed':
    case 'missing':
      return 'start';
  }
}

/** What was seen to hang has gone, and its owner was quicker than we: what runs now is innocent. */
function isReplaced({ mainPid }: OwnerSight, tracked: TrackedProcess | undefined): boolean {
  return tracked !== undefined && mainPid !== undefined && mainPid !== tracked.pid && lookAt(tracked) === 'gone';
}

/** Processes of the service that its main process has not started. */
async function orphansAmong(victims: readonly Victim[], mainPid: number | undefined): Promise<readonly Victim[]> {
  if (mainPid === undefined || victims.length === 0) return victims;
  const all = await listProcesses();
  return victims.filter(({ facts }) => !descendsFrom(facts.pid, mainPid, all));
}

async function leftAlone(
  query: ServiceQuery,
  owned: Owned,
  { tracked, home }: OwnedRestart,
  { wait }: { readonly wait: boolean },
): Promise<StepOutcome> {
  const { owner, sight } = owned;
  if (wait) return { outcome: 'failed', did: [], trouble: troubles.stopping(owner, sight) };
  const process = await trackOwned({ ...query, home }, owned, tracked);
  return { outcome: 'nothing', did: [sight.says], ...(process === undefined ? {} : { process }) };
}

/** Ends what is provably the service and was left over by its owner; what that has ended meanwhile is no trouble. */
async function endOrphans(
  orphans: readonly Victim[],
  hands: Hands,
  graceMs: number,
): Promise<{ readonly did: readonly string[]; readonly trouble: Trouble | undefined }> {
  return await stopAll(
    orphans.filter(({ facts }) => lookAt(facts) !== 'gone'),
    hands,
    graceMs,
  );
}

function refused(trouble: Trouble): StepOutcome {
  return { outcome: 'refused', did: [], trouble };
}
