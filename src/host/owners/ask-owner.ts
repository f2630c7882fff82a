import { keeperOf, nameOwner, type Owner, type OwnerSight } from '../../core/owner.ts';
import type { Trouble } from '../../core/types.ts';
import type { ErrorCode } from '../../errors.ts';
import type { ExecOutcome } from '../hands.ts';
import { lastLines } from '../tail.ts';
import { askEngine } from './containers.ts';
import { askLaunchd } from './launchd.ts';
import { askPm2 } from './pm2.ts';
import { askSystemd } from './systemd.ts';

const ASK_TIMEOUT_MS = 5_000;

/** An owner that cannot be asked (its tool is missing, forbidden or silent) is a trouble and not a throw. */
export type OwnerAnswer = { readonly sight: OwnerSight } | { readonly trouble: Trouble };

/** What the owner says of the one it owns, now. Changes nothing. */
export async function askOwner(owner: Owner, timeoutMs = ASK_TIMEOUT_MS): Promise<OwnerAnswer> {
  const answer = await ask(owner, timeoutMs);
  return 'state' in answer ? { sight: answer } : { trouble: silent(owner, answer) };
}

async function ask(owner: Owner, timeoutMs: number): Promise<OwnerSight | ExecOutcome> {
  switch (owner.kind) {
    case 'systemd':
      return await askSystemd(owner, timeoutMs);
    case 'launchd':
      return await askLaunchd(owner, timeoutMs);
    case 'pm2':
      return await askPm2(owner, timeoutMs);
    case 'container':
      return await askEngine(owner, timeoutMs);
  }
}

function silent(owner: Owner, answer: ExecOutcome): Trouble {
  const code: ErrorCode = 'OWNER_SILENT';
  const why = answer.trouble?.message ?? `its answer was not understood`;
  const said = lastLines(answer.stderr, 1)[0];
  const hint = said === undefined ? (answer.trouble?.hint ?? `Try it by hand.`) : `${keeperOf(owner)} said: ${said}`;
  return { code, message: `${nameOwner(owner)} could not be asked: ${why}`, hint };
}
