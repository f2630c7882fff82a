import type { Owner } from '../../core/owner.ts';
import type { Signal } from '../end-processes.ts';
import { launchdRef } from './launchd.ts';
import type { OwnerCommand } from './owner-commands.ts';
import { systemctl, systemdVersion } from './systemd.ts';

const SHORT_MS = 20_000;

/** The command by which an owner sends a signal to its main process; `undefined` where it has none of its own (pm2). */
export async function signalThrough(owner: Owner, signal: Signal): Promise<OwnerCommand | undefined> {
  switch (owner.kind) {
    case 'systemd': {
      // systemd 252 calls it --kill-whom; before, and still, it is --kill-who.
      const whom = (await systemdVersion()) >= 252 ? '--kill-whom=main' : '--kill-who=main';
      return { ...systemctl(owner, ['kill', whom, `--signal=${signal}`, owner.unit]), timeoutMs: SHORT_MS };
    }
    case 'launchd':
      return { argv: ['launchctl', 'kill', signal, launchdRef(owner)], env: {}, timeoutMs: SHORT_MS };
    case 'container':
      return { argv: [owner.engine, 'kill', `--signal=${signal}`, owner.name], env: {}, timeoutMs: SHORT_MS };
    case 'pm2':
      return undefined;
  }
}

/**
 * Engines take every signal that comes through them for the beginning of a stop, and do not restart the container when it
 * ends later (moby/moby#41302, containers/podman#19889).
 */
export function isDisarmedBy({ kind }: Owner): boolean {
  return kind === 'container';
}
