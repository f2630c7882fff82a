import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../core/types.ts';
import { monotonicMs } from './clock.ts';
import { codeOf } from './error-code.ts';
import { descendsFrom, isSelfOrAncestor, listProcesses, lookAt } from './processes.ts';

const LOOK_EVERY_MS = 50;

/** Never USR1, which opens Node's inspector to whoever connects (nodejs.org/api/process.html), and never STOP. */
export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGKILL' | 'SIGCONT' | 'SIGUSR2';
export type SignalOutcome = 'sent' | 'gone' | 'not-allowed';

/** Sends a signal to exactly this process: it is looked at again immediately before (DESIGN §5.3). */
export function signalProcess(identity: ProcessIdentity, signal: Signal): SignalOutcome {
  if (identity.pid <= 1) return 'not-allowed';
  const look = lookAt(identity);
  if (look === 'gone') return 'gone';
  if (look === 'unreadable' || isSelfOrAncestor(identity.pid)) return 'not-allowed';
  return send(identity.pid, signal);
}

/** To every member of a group. The caller has made sure that the group is the one it means. */
export function signalGroup(pgid: number, signal: Signal): SignalOutcome {
  return pgid > 1 ? send(-pgid, signal) : 'not-allowed';
}

function send(target: number, signal: Signal): SignalOutcome {
  try {
    process.kill(target, signal);
    return 'sent';
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? 'gone' : 'not-allowed';
  }
}

/** Looks until all have gone or the time is over; says whether they have. Rather late than never on a busy host. */
export async function waitUntilGone(processes: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const deadline = monotonicMs() + withinMs;
  for (;;) {
    if (processes.every((one) => lookAt(one) === 'gone')) return true;
    if (monotonicMs() >= deadline) return false;
    await delay(LOOK_EVERY_MS);
  }
}

/** The processes `pids`, their groups and everything they started, as far as it can still be known. */
export async function familyOf(pids: readonly number[]): Promise<readonly ProcessIdentity[]> {
  const all = await listProcesses();
  return all.filter((one) =>
    pids.some((pid) => one.pid === pid || one.pgid === pid || descendsFrom(one.pid, pid, all)),
  );
}
