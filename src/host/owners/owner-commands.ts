import type { Owner, OwnerSight } from '../../core/owner.ts';
import { launchdRef } from './launchd.ts';
import { pm2Environment, pm2Home, pm2Ref } from './pm2.ts';
import { systemctl, systemdVersion } from './systemd.ts';

export type OwnerCommand = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** `start`: it does not run. `restart`: it runs and shall end in order. `replace`: it hangs, and would not end in order. */
export type Deed = 'start' | 'restart' | 'replace';

const START_MS = 60_000;
const RESTART_MS = 60_000;
const SHORT_MS = 20_000;
/** What a hung container gets to end. */
const HUNG_GRACE_S = 3;

/**
 * The commands by which an owner does a deed, in order. For `replace`, systemd is only asked to kill the main process:
 * builds and children of it live (DESIGN §5.5), and systemd starts it again.
 */
export async function commandsFor(owner: Owner, sight: OwnerSight, deed: Deed): Promise<readonly OwnerCommand[]> {
  switch (owner.kind) {
    case 'systemd': {
      const call = (timeoutMs: number, ...words: string[]) => ({ ...systemctl(owner, words), timeoutMs });
      const reset = sight.startLimitHit ? [call(SHORT_MS, 'reset-failed', owner.unit)] : [];
      if (deed === 'start') return [...reset, call(START_MS, 'start', owner.unit)];
      if (deed === 'restart') return [...reset, call(RESTART_MS, 'restart', owner.unit)];
      // systemd 252 calls it --kill-whom; before, and still, it is --kill-who.
      const whom = (await systemdVersion()) >= 252 ? '--kill-whom=main' : '--kill-who=main';
      return [call(SHORT_MS, 'kill', whom, '--signal=SIGKILL', owner.unit)];
    }
    case 'launchd': {
      const kill = deed === 'start' ? [] : ['-k'];
      return [{ argv: ['launchctl', 'kickstart', ...kill, launchdRef(owner)], env: {}, timeoutMs: RESTART_MS }];
    }
    case 'pm2': {
      // `pm2 start NAME` takes a file of that name in the working folder for the program.
      const env = pm2Environment(pm2Home(owner));
      return [{ argv: ['pm2', 'restart', pm2Ref(owner), '--silent'], env, timeoutMs: RESTART_MS }];
    }
    case 'container': {
      const { name } = owner;
      const grace = deed === 'replace' ? ['-t', String(HUNG_GRACE_S)] : [];
      const words = deed === 'start' ? ['start', name] : ['restart', ...grace, name];
      return [{ argv: [owner.engine, ...words], env: {}, timeoutMs: RESTART_MS }];
    }
  }
}
