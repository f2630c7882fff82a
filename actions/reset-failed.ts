import * as v from 'valibot';
import { type ActionContext, type ActionOutcome, defineAction } from '../src/action.ts';
import { nameOwned } from '../src/core/owner.ts';
import { findService } from '../src/host/find-service.ts';
import { findOtherOwner } from '../src/host/owners/other-owner.ts';
import { askWhoOwns, isOurOwnPlace, type Owned } from '../src/host/owners/owned.ts';
import { order, settle } from '../src/host/owners/owner-orders.ts';
import { troubles } from '../src/host/owners/owner-troubles.ts';
import { serviceEntries } from '../src/host/service-schema.ts';

const options = v.strictObject(serviceEntries);
type Options = v.InferOutput<typeof options>;

/**
 * For the service's own unit, when systemd has given it up and for nothing else. It is started with the same breath: a
 * unit that is only reset cannot be told from one that a person has stopped, and would be left so for ever.
 */
async function run(query: Options, context: ActionContext): Promise<ActionOutcome> {
  const { tracked, signal, home } = context;
  const owned = await askWhoOwns(query, context.owner ?? tracked?.owner);
  if (owned !== undefined && 'trouble' in owned) return { outcome: 'failed', did: [], trouble: owned.trouble };
  const known = tracked === undefined ? {} : { process: tracked };
  if (owned?.owner.kind !== 'systemd')
    return { outcome: 'nothing', did: [`no unit of systemd owns ${query.service}`], ...known };
  const { owner, sight } = owned;
  if (isOurOwnPlace(owner, sight)) return { outcome: 'refused', did: [], trouble: troubles.ours(owner) };
  if (sight.stoppedByPerson) return { outcome: 'refused', did: [], trouble: troubles.stopped(owner, sight) };
  if (sight.state === 'missing') return { outcome: 'refused', did: [], trouble: troubles.missing(owner, sight) };
  if (sight.state !== 'failed' || !sight.startLimitHit) return { outcome: 'nothing', did: [sight.says], ...known };
  const { head } = await findService({ ...query, home, owns: owned.owns }, tracked);
  const other = head && (await findOtherOwner([head.facts], owned));
  if (other !== undefined) return { outcome: 'refused', did: [], trouble: troubles.another(owner, other) };
  if (signal.aborted) return { outcome: 'failed', did: [], trouble: troubles.calledOff() };
  return await resetAndStart(query, owned, context);
}

async function resetAndStart(
  query: Options,
  owned: Owned,
  { hands, reason, tracked, home, signal }: ActionContext,
): Promise<ActionOutcome> {
  const before = hands.planned.length;
  const ordered = await order(owned, 'start', hands);
  if (hands.dryRun) return { outcome: 'done', did: hands.planned.slice(before) };
  const did = [`asked systemd to forget that it gave ${nameOwned(owned.owner)} up, and to start it`];
  // Nothing of it runs, so there is nothing to end: graces do not matter.
  const wish = { hands, reason, tracked, home, signal, asked: false, stopGraceMs: 0, hungStopGraceMs: 0 };
  return await settle(query, owned, wish, { deed: 'start', did, old: new Set(), trouble: ordered.trouble });
}

export const resetFailed = defineAction<Options>({
  name: 'reset-failed',
  summary: 'Clears the start limit of the unit of the service, once systemd has given it up, and has systemd start it.',
  options,
  run,
});
