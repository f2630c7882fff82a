import { readdirSync, readlinkSync } from 'node:fs';
import { codeOf } from './error-code.ts';

/**
 * Calls `visit` with the number and the target of each open descriptor of a process (proc_pid_fd(5)). `hidden` when we
 * may not see them; then there is at most a first part.
 */
export function eachDescriptor(pid: number, visit: (descriptor: string, target: string) => void): 'seen' | 'hidden' {
  const folder = `/proc/${pid}/fd`;
  try {
    for (const descriptor of readdirSync(folder)) {
      const target = targetOf(`${folder}/${descriptor}`);
      if (target !== undefined) visit(descriptor, target);
    }
  } catch (error) {
    return isGone(error) ? 'seen' : 'hidden';
  }
  return 'seen';
}

/** `undefined` when it was closed meanwhile. What is forbidden for one is for all: the first refusal ends the search. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ESRCH';
}
