import { nameOwner, type Owner, sameOwner } from '../../core/owner.ts';
import type { ProcessFacts } from '../processes.ts';
import { findOwner } from './find-owner.ts';
import type { Owned } from './owned.ts';

/** Who owns a process that has been found to be in the way of another owner. */
export type OtherOwner = { readonly process: ProcessFacts; readonly owner: Owner | 'unknown' };

/**
 * The first of these processes that somebody else than `owned` would bring back: to end it and to have `owned` start the
 * service would make two supervisors fight. Asks only about what `owned` does not keep itself.
 */
export async function findOtherOwner(
  processes: readonly ProcessFacts[],
  owned: Owned | undefined,
): Promise<OtherOwner | undefined> {
  for (const process of processes) {
    if (owned?.owns(process.pid) === true) continue;
    const owner = await findOwner(process);
    if (owner === undefined || (owner !== 'unknown' && owned !== undefined && isSame(owner, owned.owner))) continue;
    return { process, owner };
  }
  return undefined;
}

/** What a config names has no number, home or domain of its own yet; units are told apart by whose manager has them. */
function isSame(found: Owner, named: Owner): boolean {
  if (sameOwner(found, named)) return true;
  return found.kind === named.kind && found.kind !== 'systemd' && nameOwner(found) === nameOwner(named);
}
