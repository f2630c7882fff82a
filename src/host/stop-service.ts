import { sameProcess } from '../core/command-line.ts';
import type { Reason, TrackedProcess, Trouble } from '../core/types.ts';
import { findService } from './find-service.ts';
import { type FoundProcess, nameProcess } from './found-process.ts';
import type { Hands } from './hands.ts';
import { judge, type ServiceQuery } from './judge-process.ts';
import { descendsFrom, listProcesses, lookAt, readProcess } from './processes.ts';

/** A process that is provably the service. `group`: the process group was made by us and ends with it. */
export type Victim = FoundProcess & { readonly group: boolean };

export type Victims = { readonly all: readonly Victim[] } | { readonly refusal: Trouble };

/**
 * What has to be ended so that the service can be started: the tracked process first, then whatever holds its port.
 * A refusal, and nothing is ended at all, when one of them is not provably the service (DESIGN §5.3–4).
 */
export async function findVictims(query: ServiceQuery, tracked: TrackedProcess | undefined): Promise<Victims> {
  const where = await findService(query, tracked);
  const own = tracked === undefined ? undefined : await findTracked(query, tracked, where.holders);
  const [stranger] = await strangersAmong(where.holders, own);
  if (stranger !== undefined) return { refusal: portHeld(query, nameProcess(stranger.facts)) };
  if (where.unseenHolder) return { refusal: portHeld(query, 'a process of another user that is not shown to us') };
  if (own?.proof === undefined && where.rivals.length > 0) return { refusal: rivals(query, where.rivals) };
  if (own !== undefined && own.proof === undefined) return { refusal: notProven(query, own) };

  const first = own ?? where.head;
  if (first !== undefined && first.proof === undefined) return { refusal: notProven(query, first) };
  const others = own === undefined ? where.others : [];
  const found = [...(first === undefined ? [] : [first]), ...where.holders, ...others];
  const once = found.filter((one, index) => found.findIndex((other) => other.facts.pid === one.facts.pid) === index);
  return {
    all: once.map((one) => ({ ...one, group: tracked?.ownGroup !== undefined && one.facts.pgid === tracked.ownGroup })),
  };
}

/** Hung services get less time: they will not answer a TERM either (DESIGN §5.5). */
export function stopGraceFor(reason: Reason, stopGraceMs: number, hungStopGraceMs: number): number {
  return reason === 'silent' ? Math.min(hungStopGraceMs, stopGraceMs) : stopGraceMs;
}

export type Stopped = {
  readonly did: readonly string[];
  readonly trouble: Trouble | undefined;
  readonly refused: boolean;
};

/** Ends them one after the other. What ended by itself meanwhile is no trouble. */
export async function stopAll(victims: readonly Victim[], hands: Hands, graceMs: number): Promise<Stopped> {
  const did: string[] = [];
  let groupEnded = false;
  for (const { facts, group } of victims) {
    if (group && groupEnded) continue;
    groupEnded ||= group;
    const outcome = await hands.stopProcess(facts, { graceMs, group });
    const name = nameProcess(facts);
    if (outcome === 'stopped') did.push(`stopped ${name}`);
    if (outcome === 'not-allowed') return { did, refused: true, trouble: notAllowed(name) };
    if (outcome === 'still-there') return { did, refused: false, trouble: stillThere(name) };
  }
  return { did, refused: false, trouble: undefined };
}

/** Who holds the port may be proven by it. */
async function findTracked(
  query: ServiceQuery,
  tracked: TrackedProcess,
  holders: readonly FoundProcess[],
): Promise<FoundProcess | undefined> {
  if (lookAt(tracked) === 'gone') return undefined;
  const holder = holders.find((one) => sameProcess(one.facts, tracked));
  if (holder !== undefined) return holder;
  const facts = await readProcess(tracked.pid);
  if (facts === undefined || facts.startToken !== tracked.startToken) return undefined;
  return await judge(facts, query, tracked);
}

/** Holders of the port that neither prove to be the service nor descend from its proven process. */
async function strangersAmong(
  holders: readonly FoundProcess[],
  own: FoundProcess | undefined,
): Promise<readonly FoundProcess[]> {
  const unproven = holders.filter((one) => one.proof === undefined);
  if (unproven.length === 0 || own?.proof === undefined) return unproven;
  const all = await listProcesses();
  return unproven.filter((one) => !descendsFrom(one.facts.pid, own.facts.pid, all));
}

const PROVE =
  'Set `process: { match: … }` to the name of its program or script, as only it has it, or stop it by hand.';

function portHeld({ service, port }: ServiceQuery, holder: string): Trouble {
  return {
    code: 'PORT_HELD',
    message: `Port ${port} is held by ${holder}, which is not provably ${service}.`,
    hint: `If it is ${service}: ${PROVE[0]?.toLowerCase()}${PROVE.slice(1)} If it is not, stop it or give one of them another port.`,
  };
}

function notProven({ service }: ServiceQuery, found: FoundProcess): Trouble {
  return {
    code: 'NOT_PROVEN',
    message: `${nameProcess(found.facts)} seems to be ${service}, but nothing proves it, so it was not ended.`,
    hint: PROVE,
  };
}

function rivals({ service }: ServiceQuery, found: readonly FoundProcess[]): Trouble {
  const names = found.map(({ facts }) => nameProcess(facts));
  return {
    code: 'NOT_PROVEN',
    message: `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''} all seem to be ${service}, so none was ended.`,
    hint: PROVE,
  };
}

function notAllowed(name: string): Trouble {
  return {
    code: 'NOT_PERMITTED',
    message: `The system or a safety rule does not allow to end ${name}.`,
    hint: 'Run the daemon as the user that owns it.',
  };
}

function stillThere(name: string): Trouble {
  return {
    code: 'STOP_FAILED',
    message: `${name} was killed and is still there.`,
    hint: 'It probably waits for a disk or device (state D): look at it with `ps -o stat,wchan`.',
  };
}
