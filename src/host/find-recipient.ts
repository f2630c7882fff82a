import { sameProcess } from '../core/command-line.ts';
import type { StepOutcome } from '../core/events.ts';
import type { Owner } from '../core/owner.ts';
import type { Reason, TrackedProcess, Trouble } from '../core/types.ts';
import { nameProcess } from './found-process.ts';
import type { ServiceQuery } from './judge-process.ts';
import { findOwner } from './owners/find-owner.ts';
import { askWhoOwns, isOurOwnPlace, type Owned } from './owners/owned.ts';
import { troubles } from './owners/owner-troubles.ts';
import { isSelfOrAncestor, lookAt, type ProcessFacts, readProcess } from './processes.ts';
import { findVictims } from './stop-service.ts';

/** Who is meant by a signal to a service. `facts`: absent for a container whose process is not to be seen from here. */
export type Recipient = {
  readonly facts: ProcessFacts | undefined;
  /** Who owns exactly this process. */
  readonly owned: Owned | undefined;
};

export type Asked = {
  readonly reason: Reason;
  readonly tracked: TrackedProcess | undefined;
  readonly owner: Owner | undefined;
  readonly home: string | undefined;
  /** A person wants it. */
  readonly asked: boolean;
};

/**
 * Finds the one process that is provably the service now, or the outcome when none may get a signal: nothing runs, it is
 * another one than the one that was in trouble, a foreign one is in its place, or a person or we ourselves are concerned.
 */
export async function findRecipient(query: ServiceQuery, asked: Asked): Promise<Recipient | StepOutcome> {
  const owned = await askWhoOwns(query, asked.owner ?? asked.tracked?.owner);
  if (owned !== undefined && 'trouble' in owned) return { outcome: 'failed', did: [], trouble: owned.trouble };
  const isLeft = owned?.sight.state === 'missing' && !owned.isNamed && !owned.sight.stoppedByPerson;
  const found = owned === undefined || isLeft ? await findUnowned(query, asked) : await findOwned(query, asked, owned);
  return 'facts' in found ? (otherThan(found, asked) ?? found) : found;
}

async function findUnowned(query: ServiceQuery, asked: Asked): Promise<Recipient | StepOutcome> {
  const victims = await findVictims({ ...query, home: asked.home }, asked.tracked);
  if ('refusal' in victims) return refused(victims.refusal);
  const facts = victims.all[0]?.facts;
  if (facts === undefined) return { outcome: 'nothing', did: [`no process of ${query.service} runs`] };
  // A process that was not followed yet may have an owner that nobody has heard of.
  const owner = await findOwner(facts);
  if (owner === 'unknown') return { outcome: 'failed', did: [], trouble: silentOwner(facts) };
  const owned = await askWhoOwns({}, owner);
  if (owned === undefined) return { facts, owned: undefined };
  if ('trouble' in owned) return { outcome: 'failed', did: [], trouble: owned.trouble };
  return await findOwned(query, asked, owned);
}

async function findOwned(asked: ServiceQuery, wish: Asked, owned: Owned): Promise<Recipient | StepOutcome> {
  const { owner, sight } = owned;
  if (isOurOwnPlace(owner, sight)) return refused(troubles.ours(owner));
  if (sight.stoppedByPerson && !wish.asked) return refused(troubles.stopped(owner, sight));
  if (sight.state === 'missing') return refused(troubles.missing(owner, sight));
  const facts = sight.mainPid === undefined ? undefined : await readProcess(sight.mainPid);
  if (facts !== undefined) return isSelfOrAncestor(facts.pid) ? refused(troubles.ours(owner)) : { facts, owned };
  if (owner.kind === 'container' && sight.state === 'running') return { facts: undefined, owned };
  // The port of a container is held by its engine, that of a pm2 cluster by pm2 itself.
  const isHeldForIt = owner.kind === 'container' || owner.kind === 'pm2';
  const query = isHeldForIt ? { ...asked, port: undefined } : asked;
  const victims = await findVictims({ ...query, home: wish.home, owns: owned.owns }, wish.tracked);
  if ('refusal' in victims) return refused(victims.refusal);
  const left = victims.all[0]?.facts;
  return left === undefined ? { outcome: 'nothing', did: [sight.says] } : { facts: left, owned: undefined };
}

/** What was in trouble has gone, and somebody was quicker than we: what runs now is innocent. */
function otherThan({ facts }: Recipient, { reason, tracked, asked }: Asked): StepOutcome | undefined {
  if (facts === undefined || asked) return undefined;
  const wasGone = reason === 'gone' || reason === 'absent';
  const isAnother = tracked !== undefined && !sameProcess(facts, tracked) && lookAt(tracked) === 'gone';
  return wasGone || isAnother ? { outcome: 'nothing', did: [`${nameProcess(facts)} runs already`] } : undefined;
}

function refused(trouble: Trouble): StepOutcome {
  return { outcome: 'refused', did: [], trouble };
}

function silentOwner(facts: ProcessFacts): Trouble {
  return {
    code: 'OWNER_SILENT',
    message: `${nameProcess(facts)} seems to belong to a unit, and its manager could not be asked.`,
    hint: 'It is tried again when the limits allow.',
  };
}
