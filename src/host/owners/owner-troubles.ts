import { nameOwned, nameOwner, type Owner, type OwnerSight, startLine } from '../../core/owner.ts';
import type { Trouble } from '../../core/types.ts';
import type { ErrorCode } from '../../errors.ts';
import { nameProcess } from '../found-process.ts';
import type { ProcessFacts } from '../processes.ts';
import type { OtherOwner } from './other-owner.ts';

/** What a person is told when an owner was not asked, or did not do what it was asked. */
export const troubles = {
  ours: (owner: Owner): Trouble =>
    say(
      'OWNER_IS_OURS',
      `jarvis-health itself runs in ${nameOwned(owner)}, so it does not restart it.`,
      'Let jarvis-health run in a unit of its own: jarvis-health install',
    ),
  stopped: (owner: Owner, { says }: OwnerSight): Trouble =>
    say('OWNER_STOPPED', `${sentence(says)} It is left so.`, `Start it: ${startLine(owner)}`),
  another: (owner: Owner, { process, owner: other }: OtherOwner): Trouble =>
    other === 'unknown'
      ? troubles.unknown(process)
      : say(
          'OWNER_IS_ANOTHER',
          `${nameProcess(process)} runs under ${nameOwner(other)}, which would start it again beside ${nameOwned(owner)}.`,
          'Write the right one of the two as `unit` in the config, and stop the other.',
        ),
  unknown: (process: ProcessFacts): Trouble =>
    say(
      'OWNER_SILENT',
      `${nameProcess(process)} seems to belong to a unit, and its manager could not be asked.`,
      'It is tried again when the limits allow.',
    ),
  /** `unit`: it was started by something in this one, which has others beside it. */
  nobody: (service: string, unit: string | undefined): Trouble =>
    unit === undefined
      ? say(
          'OWNER_MISSING',
          `Nobody owns ${service}, and no command is known that starts it.`,
          'Add `start:` with its command, or `unit:` with its owner, to the config.',
        )
      : say(
          'OWNER_MISSING',
          `${service} was started by something in ${unit}, which may run others too and is not restarted for it.`,
          `If all of it may be restarted, add \`unit: ${unit}\` to the config; else \`start:\` with its command.`,
        ),
  missing: (owner: Owner, { says }: OwnerSight): Trouble =>
    say('OWNER_MISSING', sentence(says), MISSING_HINTS[owner.kind]),
  stopping: (owner: Owner, { says }: OwnerSight): Trouble =>
    say('TRY_LATER', sentence(says), `See what it waits for: ${statusLine(owner)}`),
  failed: (owner: Owner, { says }: OwnerSight, because: Trouble | undefined): Trouble =>
    say('OWNER_FAILED', sentence(says), because?.hint ?? `See why: ${statusLine(owner)}`),
  unmoved: (owner: Owner, because: Trouble | undefined): Trouble =>
    say(
      'OWNER_FAILED',
      `${nameOwner(owner)} was asked, and the same process still runs.`,
      because?.hint ?? `See: ${statusLine(owner)}`,
    ),
  calledOff: (): Trouble =>
    say(
      'TRY_LATER',
      'The restart was called off before anything was stopped.',
      'It is tried again when the limits allow.',
    ),
};

const MISSING_HINTS: Readonly<Record<Owner['kind'], string>> = {
  systemd: 'Correct `unit` in the config, or install the unit and reload: systemctl daemon-reload',
  launchd: 'Load it: launchctl bootstrap DOMAIN FILE.plist',
  pm2: 'Start pm2 with the processes it had (pm2 resurrect), or correct `unit` in the config.',
  container: 'Create it again, or correct `unit` in the config.',
};

function say(code: ErrorCode, message: string, hint: string): Trouble {
  return { code, message, hint };
}

function sentence(says: string): string {
  return `${says}.`;
}

function statusLine(owner: Owner): string {
  switch (owner.kind) {
    case 'systemd':
      return `systemctl ${owner.scope === 'user' ? '--user ' : ''}status ${owner.unit}`;
    case 'launchd':
      return `launchctl print ${owner.domain}/${owner.label}`;
    case 'pm2':
      return `pm2 describe ${owner.name}`;
    case 'container':
      return `${owner.engine} logs ${owner.name}`;
  }
}
