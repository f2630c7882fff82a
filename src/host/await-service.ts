import { setTimeout as delay } from 'node:timers/promises';
import { assessProcess, type ProcessSight } from '../core/process-sight.ts';
import type { TrackedProcess } from '../core/types.ts';
import { monotonicMs } from './clock.ts';
import { type Before, findProcess, type ProcessTraits } from './find-process.ts';
import { nameProcess } from './found-process.ts';
import { holdersOf } from './ports.ts';
import { lookAt, readProcess } from './processes.ts';

export type Awaited = {
  readonly isUp: boolean;
  /** What was seen last, in plain words without a full stop. */
  readonly says: string;
  readonly process: TrackedProcess | undefined;
  readonly waitedMs: number;
};

const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/**
 * Looks until the service's process runs and, where it has a port on this host, something listens on it, for `forMs` at
 * most. Looks come rarer and rarer, for some owners cost 200 ms a question. Called off, it says what it saw last.
 */
export async function awaitService(
  traits: ProcessTraits,
  before: Before,
  wait: { readonly forMs: number; readonly signal: AbortSignal },
): Promise<Awaited> {
  const begunMs = monotonicMs();
  for (let everyMs = FIRST_MS; ; everyMs = Math.min(2 * everyMs, LONGEST_MS)) {
    const seen = await lookOnce(traits, before);
    const waitedMs = monotonicMs() - begunMs;
    const leftMs = wait.forMs - waitedMs;
    if (seen.isUp || leftMs <= 0 || wait.signal.aborted) return { ...seen, waitedMs };
    await delay(Math.min(everyMs, leftMs), undefined, { signal: wait.signal }).catch(() => undefined);
  }
}

async function lookOnce(traits: ProcessTraits, before: Before): Promise<Omit<Awaited, 'waitedMs'>> {
  try {
    const sight = (await lookAtTracked(traits, before)) ?? (await findProcess(traits, before)).sight;
    const { status, message } = assessProcess(sight, traits.port);
    const process = sight.kind === 'alive' ? sight.process : undefined;
    if (status !== 'ok') return { isUp: false, says: message, process };
    // The port of what runs elsewhere is not to be seen from here.
    if (traits.port === undefined || sight.kind !== 'alive') return { isUp: true, says: message, process };
    const listens = (await holdersOf(traits.port)).length > 0;
    return listens
      ? { isUp: true, says: `${message} and port ${traits.port} accepts connections`, process }
      : { isUp: false, says: `nothing listens on port ${traits.port} yet`, process };
  } catch (error) {
    return { isUp: false, says: error instanceof Error ? error.message : String(error), process: undefined };
  }
}

/** A search finds what took its place; `undefined` when it is gone, or when a person has named its owner since. */
async function lookAtTracked({ unit }: ProcessTraits, { tracked }: Before): Promise<ProcessSight | undefined> {
  if (tracked === undefined || lookAt(tracked) === 'gone') return undefined;
  if (unit !== undefined && tracked.owner === undefined) return undefined;
  const facts = await readProcess(tracked.pid);
  if (facts?.startToken !== tracked.startToken) return undefined;
  const stopped = facts.state === 'T' || facts.state === 't';
  return { kind: 'alive', process: tracked, name: nameProcess(facts), stopped, usage: undefined };
}
