import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let known: string | undefined;

/**
 * Names this boot of the host; `''` when it cannot be told, and then nothing may be concluded from two being equal.
 * Linux: random(4); macOS: the session's UUID from sysctl(8). Read once: it cannot change while we live.
 */
export function bootId(): string {
  known ??= readBootId();
  return known;
}

function readBootId(): string {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    if (process.platform === 'darwin') {
      const answer = execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {
        encoding: 'latin1',
        timeout: 2_000,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return answer.trim();
    }
  } catch {
    // Told apart by nothing, then: see above.
  }
  return '';
}
