import { uptime } from 'node:os';
import type { ProcessIdentity } from '../core/types.ts';
import { bootId } from './boot-id.ts';
import { wallMs } from './clock.ts';

// proc(5) counts in USER_HZ, which is 100 on every architecture Node runs on.
const MS_PER_TICK = 10;

/** When this process was started, in wall time; also when it has ended since. `undefined` when that was in another boot of the host. */
export function startedAtOf({ startToken }: ProcessIdentity): number | undefined {
  const [, boot, start = ''] = /^([^:]*):(.*)$/.exec(startToken) ?? [];
  if (boot === undefined || boot !== bootId()) return undefined;
  const at =
    process.platform === 'linux'
      ? wallMs() - uptime() * 1_000 + Number(start) * MS_PER_TICK
      : Date.parse(`${start} UTC`);
  return Number.isFinite(at) ? at : undefined;
}
