import { setTimeout as delay } from 'node:timers/promises';
import type { StepOutcome } from '../../core/events.ts';
import { keeperOf, nameOwned } from '../../core/owner.ts';
import type { Reason, TrackedProcess, Trouble } from '../../core/types.ts';
import { monotonicMs } from '../clock.ts';
import type { Hands } from '../hands.ts';
import type { ServiceQuery } from '../judge-process.ts';
import { askOwner } from './ask-owner.ts';
import { keptBy, trackOwned } from './find-owned.ts';
import { lastWordsOf } from './last-words.ts';
import type { Owned } from './owned.ts';
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

/** `trouble`: what the owner's tool said when it did not like its order. */
export type Ordered = { readonly did: string; readonly trouble: Trouble | undefined };

/** `old`: what ran before; seeing it again means that nothing has happened. */
export type Settling = {
  readonly deed: Deed;
  readonly did: readonly string[];
  readonly old: ReadonlySet<number>;
  /** It has no main process, and what was left of it after the order was ended: only another process shows that it runs. */
  readonly isEmptied?: boolean;
  readonly trouble: Trouble | undefined;
};

/** What an owner that tells no delay is given. */
const LATE_MS = 3_000;
/** Longer delays are the owner's business: the next looks say what came of it. */
const WAIT_AT_MOST_MS = 12_000;
const ASK_EVERY_MS = 250;

/** Gives the owner its orders; what they print matters only when nothing comes of them. */
export async function order({ owner, sight }: Owned, deed: Deed, hands: Hands): Promise<Ordered> {
  let trouble: Trouble | undefined;
  for (const { argv, env, timeoutMs } of await commandsFor(owner, sight, deed)) {
    const answer = await hands.exec(argv, { env: { ...env }, timeoutMs });
    trouble = answer.trouble;
  }
  const what = { start: 'start', restart: 'restart', replace: owner.kind === 'systemd' ? 'kill' : 'restart' }[deed];
  return { did: `asked ${keeperOf(owner)} to ${what} ${nameOwned(owner)}`, trouble };
}

/** Waits for what the owner makes of it, a little longer than its own delay. */
export async function settle(
  query: ServiceQuery,
  owned: Owned,
  wish: OwnedRestart,
  so: Settling,
): Promise<StepOutcome> {
  const { owner } = owned;
  const did = [...so.did];
  let { trouble, deed } = so;
  const begunMs = monotonicMs();
  for (;;) {
    const answer = await askOwner(owner);
    if ('trouble' in answer) return { outcome: 'failed', did, trouble: answer.trouble };
    const { sight } = answer;
    if (sight.state === 'running' && (await isAnother(owned, sight.mainPid, so))) {
      const process = await trackOwned({ ...query, home: wish.home }, { ...owned, sight }, wish.tracked);
      return { outcome: 'done', did, ...(process === undefined ? {} : { process }) };
    }
    const isIdle = sight.state === 'failed' || sight.state === 'stopped';
    // A person was quicker than we, and wanted something else.
    if (sight.stoppedByPerson && deed !== 'start' && !wish.asked && so.isEmptied !== true)
      return { outcome: 'refused', did, trouble: troubles.stopped(owner, sight) };
    if (isIdle && deed === 'start')
      return { ...(await endOf({ owner, sight })), did, trouble: troubles.failed(owner, sight, trouble) };
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

async function isAnother(
  owned: Owned,
  mainPid: number | undefined,
  { old, isEmptied = false }: Settling,
): Promise<boolean> {
  if (mainPid !== undefined) return !old.has(mainPid);
  return !isEmptied || (await keptBy(owned)).some((pid) => !old.has(pid));
}

async function endOf({
  owner,
  sight: { exitCode },
}: Pick<Owned, 'owner' | 'sight'>): Promise<Pick<StepOutcome, 'outcome' | 'exitCode' | 'lastLines'>> {
  if (exitCode === undefined) return { outcome: 'failed' };
  return { outcome: 'failed', exitCode, lastLines: await lastWordsOf(owner) };
}
