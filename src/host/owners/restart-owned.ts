import { setTimeout as delay } from 'node:timers/promises';
import type { StepOutcome } from '../../core/events.ts';
import { keeperOf, nameOwned, type OwnerSight } from '../../core/owner.ts';
import type { Reason, TrackedProcess, Trouble } from '../../core/types.ts';
import { monotonicMs } from '../clock.ts';
import { waitUntilGone } from '../end-processes.ts';
import type { ServiceQuery } from '../find-service.ts';
import type { Hands } from '../hands.ts';
import { lookAt } from '../processes.ts';
import { findVictims, stopAll, stopGraceFor, type Victim } from '../stop-service.ts';
import { askOwner } from './ask-owner.ts';
import { trackOwned } from './find-owned.ts';
import { isOurOwnPlace, type Owned } from './owned.ts';
import { commandsFor, type Deed } from './owner-commands.ts';
import { troubles } from './owner-troubles.ts';

export type OwnedRestart = {
  readonly hands: Hands;
  readonly reason: Reason;
  readonly tracked: TrackedProcess | undefined;
  readonly home: string | undefined;
  readonly signal: AbortSignal;
  /** A person asked for it: then what a person has stopped is started again. */
  readonly asked: boolean;
  readonly stopGraceMs: number;
  readonly hungStopGraceMs: number;
};

/** What a killed process may take to go. */
const GONE_MS = 5_000;
/** What an owner that tells no delay is given. */
const LATE_MS = 3_000;
/** Longer delays are the owner's business: the next looks say what came of it. */
const WAIT_AT_MOST_MS = 12_000;
const ASK_EVERY_MS = 250;

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
  const orphans = victims.all.filter(({ facts }) => facts.pid !== sight.mainPid);
  const deed = deedFor(sight, reason, wish.asked, orphans.length > 0);
  if (typeof deed !== 'string') return await leftAlone(query, owned, wish, deed);
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
  const ordered = await order(owned, deed, hands);
  did.push(ordered.did);
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before) };
  if (deed !== 'start') {
    const main = victims.all.filter(({ facts }) => facts.pid === sight.mainPid).map(({ facts }) => facts);
    if (deed === 'replace') await waitUntilGone(main, GONE_MS);
    const ended = await endOrphans(orphans, hands, deed === 'replace' ? 0 : grace);
    did.push(...ended.did);
    if (ended.trouble !== undefined) return { outcome: 'failed', did, trouble: ended.trouble };
  }
  const old = new Set([sight.mainPid ?? 0, ...victims.all.map(({ facts }) => facts.pid)]);
  return await settle(query, owned, wish, { deed, did, old, trouble: ordered.trouble });
}

/** `trouble`: what the owner's tool said when it did not like its order. */
type Ordered = { readonly did: string; readonly trouble: Trouble | undefined };

/** `old`: what ran before; seeing it again means that nothing has happened. */
type Settling = {
  readonly deed: Deed;
  readonly did: readonly string[];
  readonly old: ReadonlySet<number>;
  readonly trouble: Trouble | undefined;
};

/** What to ask for, or why nothing need be asked for now. */
function deedFor(
  sight: OwnerSight,
  reason: Reason,
  asked: boolean,
  hasOrphans: boolean,
): Deed | { readonly wait: boolean } {
  const isDead = reason === 'gone' || reason === 'absent';
  switch (sight.state) {
    case 'running':
      if (isDead && !asked && !hasOrphans) return { wait: false };
      return reason === 'silent' && !asked ? 'replace' : 'restart';
    case 'starting':
      return asked || reason === 'silent' ? 'restart' : { wait: false };
    case 'restarting':
      // Its own delay is its own, unless something of the run before stands in its way.
      return asked || hasOrphans ? 'start' : { wait: false };
    case 'stopping':
      return { wait: true };
    case 'stopped':
    case 'failed':
    case 'missing':
      return 'start';
  }
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

/** Gives the owner its orders; what they print matters only when nothing comes of them. */
async function order({ owner, sight }: Owned, deed: Deed, hands: Hands): Promise<Ordered> {
  let trouble: Trouble | undefined;
  for (const { argv, env, timeoutMs } of await commandsFor(owner, sight, deed)) {
    const answer = await hands.exec(argv, { env: { ...env }, timeoutMs });
    trouble = answer.trouble;
  }
  const what = { start: 'start', restart: 'restart', replace: owner.kind === 'systemd' ? 'kill' : 'restart' }[deed];
  return { did: `asked ${keeperOf(owner)} to ${what} ${nameOwned(owner)}`, trouble };
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

/** Waits for what the owner makes of it, a little longer than its own delay. */
async function settle(query: ServiceQuery, owned: Owned, wish: OwnedRestart, so: Settling): Promise<StepOutcome> {
  const { owner } = owned;
  const did = [...so.did];
  let { trouble, deed } = so;
  const begunMs = monotonicMs();
  for (;;) {
    const answer = await askOwner(owner);
    if ('trouble' in answer) return { outcome: 'failed', did, trouble: answer.trouble };
    const { sight } = answer;
    if (sight.state === 'running' && (sight.mainPid === undefined || !so.old.has(sight.mainPid))) {
      const process = await trackOwned({ ...query, home: wish.home }, { ...owned, sight }, wish.tracked);
      return { outcome: 'done', did, ...(process === undefined ? {} : { process }) };
    }
    const isIdle = sight.state === 'failed' || sight.state === 'stopped';
    if (isIdle && deed === 'start') return { ...endOf(sight), did, trouble: troubles.failed(owner, sight, trouble) };
    if (isIdle) {
      // Ended, and not brought back by itself.
      deed = 'start';
      const ordered = await order({ ...owned, sight }, deed, wish.hands);
      did.push(ordered.did);
      trouble = ordered.trouble;
      continue;
    }
    const delayMs = sight.actsWithinMs ?? (sight.state === 'restarting' ? LATE_MS : 0);
    if (monotonicMs() - begunMs + delayMs >= WAIT_AT_MOST_MS || wish.signal.aborted) {
      if (sight.state === 'running') return { outcome: 'failed', did, trouble: troubles.unmoved(owner, trouble) };
      return { outcome: 'done', did: [...did, sight.says] };
    }
    await delay(ASK_EVERY_MS);
  }
}

function endOf({ exitCode }: OwnerSight): { readonly outcome: 'failed'; readonly exitCode?: number } {
  return exitCode === undefined ? { outcome: 'failed' } : { outcome: 'failed', exitCode };
}

function refused(trouble: Trouble): StepOutcome {
  return { outcome: 'refused', did: [], trouble };
}
