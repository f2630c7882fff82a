/** Tries for the lock of the folder named by its argument at each line `try`, and says how it went; ends with its stdin. */
import { createInterface } from 'node:readline';
import { acquireLock, type Lock, type LockIdentity } from '../../src/store/lock.ts';

const self: LockIdentity = { pid: process.pid, startToken: 'now', bootId: 'b' };

function isAlive(asked: LockIdentity): boolean {
  if (asked.startToken !== 'now') return false;
  try {
    return process.kill(asked.pid, 0);
  } catch {
    return false;
  }
}

let lock: Lock | undefined;
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    lock?.release();
    process.stdout.write('released\n');
  } else {
    lock = await acquireLock(String(process.argv[2]), { self, isAlive }).catch(() => undefined);
    process.stdout.write(lock === undefined ? 'refused\n' : 'won\n');
  }
}
