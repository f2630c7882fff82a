import { setTimeout as delay } from 'node:timers/promises';
import type { StepOutcome } from '../core/events.ts';
import { keeperOf, nameOwned } from '../core/owner.ts';
import type { TrackedProcess, Trouble } from '../core/types.ts';
import { monotonicMs } from './clock.ts';
import { type Signal, waitUntilGone } from './end-processes.ts';
import type { Recipient } from './find-recipient.ts';
import { nameProcess } from './found-process.ts';
import type { Hands } from './hands.ts';
import { askOwner } from './owners/ask-owner.ts';
import type { Owned } from './owners/owned.ts';
import type { OwnerCommand } from './owners/owner-commands.ts';
import { order } from './owners/owner-orders.ts';
import { isDisarmedBy, signalThrough } from './owners/signal-through.ts';
import { type ProcessFacts, readProcess } from './processes.ts';

export type SignalWish = {
  readonly signal: Signal;
  /** It is meant to end the process, and has this long to do so. */
  readonly endsWithinMs: number | undefined;
  /** KILL follows when it has not ended by then. */
  readonly thenKill: boolean;
  readonly hands: Hands;
  readonly tracked: TrackedProcess | undefined;
  readonly called: AbortSignal;
};

/** What not even KILL ends waits for a disk. */
const AFTER_KILL_MS = 5_000;
const SLICE_MS = 250;
/** How long an owner is waited for to notice that its process has ended. */
const NOTICE_MS = 3_000;

/**
 * Sends a signal to the service's process, through its owner where that one has a way. What was meant to end it is done
 * only once the process is seen gone; what its owner then takes for a stop that somebody wanted is started again by it.
 */
export async function signalService({ facts, owned }: Recipient, wish: SignalWish): Promise<StepOutcome> {
  const { signal, endsWithinMs, thenKill, hands, tracked } = wish;
  const before = hands.planned.length;
  if (owned !== undefined && endsWithinMs === undefined && isDisarmedBy(owned.owner))
    return { outcome: 'refused', did: [], trouble: disarming(owned, signal) };
  const sent = await deliver({ facts, owned }, signal, hands);
  if (typeof sent !== 'string') return sent;
  if (hands.dryRun) {
    const when = `after ${(endsWithinMs ?? 0) / 1_000} s, if it has not ended: `;
    if (thenKill) await deliver({ facts, owned }, 'SIGKILL', hands, when);
    return { outcome: 'done', did: hands.planned.slice(before) };
  }
  // It lives on, and is not to be forgotten.
  if (endsWithinMs === undefined)
    return { outcome: 'done', did: [sent], ...(tracked === undefined ? {} : { process: tracked }) };

  const did = [sent];
  const name = facts === undefined ? (owned === undefined ? '' : nameOwned(owned.owner)) : nameProcess(facts);
  let isGone = await hasEnded({ facts, owned }, endsWithinMs, wish.called);
  if (!isGone && wish.called.aborted) return { outcome: 'failed', did, trouble: calledOff(name) };
  if (!isGone && thenKill) {
    const killed = await deliver({ facts, owned }, 'SIGKILL', hands);
    if (typeof killed !== 'string' && killed.outcome !== 'nothing') return { ...killed, did: [...did, ...killed.did] };
    if (typeof killed === 'string') did.push(`it did not end within ${endsWithinMs / 1_000} s; ${killed}`);
    isGone = await hasEnded({ facts, owned }, AFTER_KILL_MS, undefined);
  }
  if (!isGone) return { outcome: 'failed', did, trouble: stillThere(name, signal, thenKill) };
  did.push(`${name} has ended`);
  return owned === undefined ? { outcome: 'done', did } : await notLeftDown(owned, did, hands);
}

/** The line that says what was done; an outcome when nothing was. The identity is read again immediately before. */
async function deliver(to: Recipient, signal: Signal, hands: Hands, when = ''): Promise<string | StepOutcome> {
  const { facts, owned } = to;
  const through = owned === undefined ? undefined : await signalThrough(owned.owner, signal);
  if (facts !== undefined && (await readProcess(facts.pid))?.startToken !== facts.startToken)
    return { outcome: 'nothing', did: [`${nameProcess(facts)} had ended by itself`] };
  if (owned !== undefined && through !== undefined) return await sendThrough(owned, through, signal, hands, when);
  if (facts === undefined) return { outcome: 'nothing', did: ['there is no process to be seen'] };
  const sent = await hands.signal(facts, signal, { when });
  if (sent === 'gone') return { outcome: 'nothing', did: [`${nameProcess(facts)} had ended by itself`] };
  if (sent === 'not-allowed') return { outcome: 'refused', did: [], trouble: notAllowed(facts) };
  return `sent ${signal} to ${nameProcess(facts)}`;
}

async function sendThrough(
  { owner }: Owned,
  { argv, env, timeoutMs }: OwnerCommand,
  signal: Signal,
  hands: Hands,
  when: string,
): Promise<string | StepOutcome> {
  const { ok, trouble } = await hands.exec(argv, { env: { ...env }, timeoutMs, when });
  if (ok || trouble === undefined) return `asked ${keeperOf(owner)} to send ${signal} to ${nameOwned(owner)}`;
  return { outcome: 'failed', did: [], trouble };
}

async function hasEnded(
  { facts, owned }: Recipient,
  withinMs: number,
  called: AbortSignal | undefined,
): Promise<boolean> {
  const until = monotonicMs() + withinMs;
  for (;;) {
    const leftMs = Math.max(0, until - monotonicMs());
    if (facts === undefined ? await isDown(owned) : await waitUntilGone([facts], Math.min(SLICE_MS, leftMs)))
      return true;
    if (leftMs === 0 || called?.aborted === true) return false;
    if (facts === undefined) await delay(SLICE_MS);
  }
}

async function isDown(owned: Owned | undefined): Promise<boolean> {
  const answer = owned && (await askOwner(owned.owner));
  return answer !== undefined && 'sight' in answer && answer.sight.state !== 'running';
}

/**
 * A signal is no wish that the service be down. systemd takes TERM for an end in order (systemd.service(5), Restart=), an
 * engine takes whatever comes through `kill` for a person's stop (moby/moby#11065, containers/podman#19889).
 */
async function notLeftDown(owned: Owned, did: readonly string[], hands: Hands): Promise<StepOutcome> {
  const until = monotonicMs() + NOTICE_MS;
  for (;;) {
    const answer = await askOwner(owned.owner);
    if ('trouble' in answer) return { outcome: 'done', did, trouble: answer.trouble };
    const { sight } = answer;
    const isOld = sight.state === 'stopping' || (sight.mainPid !== undefined && sight.mainPid === owned.sight.mainPid);
    if (!isOld && sight.state === 'stopped') {
      const started = await order({ ...owned, sight }, 'start', hands);
      const why = `${keeperOf(owned.owner)} took that for a stop somebody wanted`;
      return {
        outcome: started.trouble === undefined ? 'done' : 'failed',
        did: [...did, why, started.did],
        ...(started.trouble === undefined ? {} : { trouble: started.trouble }),
      };
    }
    if (!isOld || monotonicMs() >= until) return { outcome: 'done', did };
    await delay(SLICE_MS);
  }
}

function notAllowed(facts: ProcessFacts): Trouble {
  return {
    code: 'NOT_PERMITTED',
    message: `The system or a safety rule does not allow a signal to ${nameProcess(facts)}.`,
    hint: 'Run the daemon as the user that owns it.',
  };
}

function stillThere(name: string, signal: Signal, killed: boolean): Trouble {
  const hint = killed
    ? 'It probably waits for a disk or device (state D): look at it with `ps -o stat,wchan`.'
    : 'Give the step `then: KILL`, or a longer `after`.';
  return { code: 'STOP_FAILED', message: `${name} got ${killed ? 'SIGKILL' : signal} and is still there.`, hint };
}

function calledOff(name: string): Trouble {
  return {
    code: 'TRY_LATER',
    message: `It was called off while ${name} was waited for.`,
    hint: 'It is tried again when the limits allow.',
  };
}

function disarming({ owner }: Owned, signal: Signal): Trouble {
  return {
    code: 'NOT_PERMITTED',
    message: `${signal} was not sent: after it ${keeperOf(owner)} would not restart ${nameOwned(owner)} any more.`,
    hint: `Send it inside: run-command with [${keeperOf(owner)}, exec, ${nameOwned(owner)}, kill, -${signal.slice(3)}, "1"].`,
  };
}
