import { BRANDS } from '../core/gateway.ts';
import { nameOwner } from '../core/owner.ts';
import type { ProposedService } from './proposal.ts';
import type { SeenGateway } from './seen.ts';

/** The preset knows everything about a gateway; only a start command has to be told where nobody owns it. */
export function proposeGateway({ brand, port, runs, owner, unit, start }: SeenGateway): ProposedService {
  const what = `${brand}, port ${port}, ${runs ? 'runs' : 'does not run now'}`;
  const base = { name: 'gateway', look: { kind: 'preset' }, what } as const;
  if (owner === 'unknown')
    return { ...base, acts: 'never', why: ['Somebody seems to supervise it and could not be asked.'] };
  if (owner !== undefined) return { ...base, acts: 'owner', why: [`Supervised by ${nameOwner(owner)}.`] };
  if (unit !== undefined && !runs)
    return { ...base, acts: 'owner', why: [`Its installer wrote ${unit.replace(/^launchd:/, 'the job ')}.`] };
  const by =
    unit === undefined
      ? 'Nobody supervises it.'
      : `It was started by hand, beside its unit ${unit}; one of the two is enough.`;
  if (start !== undefined) return { ...base, acts: 'start', start: { argv: start, cwd: undefined }, why: [by] };
  const node = BRANDS[brand].node.join('.');
  const lacks = `The command ${brand}, or a Node of ${node} or newer for it, was not found, so add \`start:\` in whole paths; see docs/gateway.md.`;
  return { ...base, acts: 'nobody', why: [by, lacks] };
}
