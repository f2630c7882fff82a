import type { ProcessIdentity } from '../core/types.ts';
import { type Signal, type SignalOutcome, signalGroup, signalProcess, waitUntilGone } from './end-processes.ts';
import type { StopOutcome } from './hands.ts';
import type { ProcessFacts } from './process-facts.ts';
import { isSelfOrAncestor, listProcesses, lookAt, readProcess } from './processes.ts';

const AFTER_KILL_MS = 2_000;

/** What may be ended together: the process, and its group where we created that one. */
export type StopTarget = { readonly process: ProcessFacts; readonly pgid: number | undefined };

/** Says what would be ended, or why nothing may be. Nothing is done. */
export async function findStopTarget(
  identity: ProcessIdentity,
  group: boolean,
): Promise<StopTarget | 'was-gone' | 'not-allowed'> {
  if (identity.pid <= 1 || isSelfOrAncestor(identity.pid)) return 'not-allowed';
  const facts = await readProcess(identity.pid);
  if (facts === undefined) return lookAt(identity) === 'gone' ? 'was-gone' : 'not-allowed';
  if (facts.startToken !== identity.startToken) return 'was-gone'; // the number was given to another process
  const own = await readProcess(process.pid);
  const mayGroup =
    group && facts.pgid > 1 && own !== undefined && facts.pgid !== own.pgid && !isSelfOrAncestor(facts.pgid);
  return { process: facts, pgid: mayGroup ? facts.pgid : undefined };
}

/**
 * Ends a process: TERM, up to `graceMs`, KILL, up to 2 s. `still-there` is for what not even KILL ends (state D: it
 * waits for a disk). `group` says that its process group is one that we created: then all of it is ended.
 */
export async function stopProcess(
  identity: ProcessIdentity,
  options: { readonly graceMs: number; readonly group: boolean },
): Promise<StopOutcome> {
  const target = await findStopTarget(identity, options.group);
  if (typeof target === 'string') return target;
  const before = await membersOf(target, []);
  const asked = signal(target, 'SIGTERM');
  if (asked === 'not-allowed') return 'not-allowed';
  if (asked === 'gone' && target.pgid === undefined) return 'was-gone';
  if (await waitUntilGone(before, options.graceMs)) return 'stopped';
  signal(target, 'SIGKILL');
  const left = await membersOf(target, before);
  for (const member of left) signalProcess(member, 'SIGKILL');
  return (await waitUntilGone(left, AFTER_KILL_MS)) ? 'stopped' : 'still-there';
}

/** The number of a group is safe as long as the process we know is a member: no other group can have it then. */
function signal(target: StopTarget, name: Signal): SignalOutcome {
  if (target.pgid === undefined) return signalProcess(target.process, name);
  const look = lookAt(target.process);
  if (look === 'gone') return 'gone';
  return look === 'unreadable' ? 'not-allowed' : signalGroup(target.pgid, name);
}

/**
 * The process and whoever else is in its group now; members come and go. When none of those known `before` is left,
 * the number of the group may already be another's, and nobody is a member.
 */
async function membersOf(target: StopTarget, before: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]> {
  const { process: first, pgid } = target;
  if (before.length > 0 && before.every((one) => lookAt(one) === 'gone')) return [];
  if (pgid === undefined) return [first];
  const now = (await listProcesses()).filter((one) => one.pgid === pgid && one.pid !== first.pid);
  return [first, ...now];
}
