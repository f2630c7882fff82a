import { closeSync, openSync, readSync } from 'node:fs';
import type { ProcessIdentity } from '../core/types.ts';
import { lookAt } from './processes.ts';

type Open = ProcessIdentity & { readonly descriptor: number };

/** A descriptor for each watched process; a host with more services looks at the rest the ordinary way. */
const MOST_OPEN = 256;
const open = new Map<number, Open>();
const start = Buffer.alloc(2);
const ZERO = 0x30;

/**
 * Whether exactly this process still lives, at half the cost of a look: for four times a second and every service. An
 * open /proc/PID/statm belongs to one process for ever (reading it fails with ESRCH when that is gone, whoever has its
 * pid then), and it begins with 0 when the process is a zombie, which has no memory (proc_pid_statm(5)).
 * False means: look properly. Elsewhere than on Linux it always is such a look.
 */
export function glanceAt(identity: ProcessIdentity): boolean {
  if (process.platform !== 'linux') return lookAt(identity) === 'alive';
  const known = open.get(identity.pid);
  if (known?.startToken === identity.startToken) return reads(known);
  if (known !== undefined) forget(known);
  if (lookAt(identity) !== 'alive') return false;
  if (open.size < MOST_OPEN) remember(identity);
  return true;
}

function remember(identity: ProcessIdentity): void {
  try {
    const descriptor = openSync(`/proc/${identity.pid}/statm`, 'r');
    const { pid, startToken } = identity;
    open.set(pid, { pid, startToken, descriptor });
    // It may have ended, and its pid gone to another, between the look and the opening.
    if (lookAt(identity) === 'gone') forget({ pid, startToken, descriptor });
  } catch {
    // It is looked at the ordinary way then.
  }
}

function reads(process: Open): boolean {
  try {
    if (readSync(process.descriptor, start, 0, start.length, 0) === start.length && start[0] !== ZERO) return true;
  } catch {
    // ESRCH: it is gone.
  }
  forget(process);
  return false;
}

function forget({ pid, descriptor }: Open): void {
  open.delete(pid);
  closeSync(descriptor);
}

/** Closes what is open for processes that are watched no more. */
export function forgetAllBut(pids: ReadonlySet<number>): void {
  for (const process of [...open.values()]) if (!pids.has(process.pid)) forget(process);
}
