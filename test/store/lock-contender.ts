/**
 * Tries for the lock of the folder named by its argument, as told on stdin: `try`, `release`, or `storm`: two hundred
 * times take it and let it go, with proof that nobody else has it. Says how it went; ends with its stdin.
 */
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { acquireLock, type Lock, type LockIdentity } from '../../src/store/lock.ts';

const folder = String(process.argv[2]);
const self: LockIdentity = { pid: process.pid, startToken: 'now', bootId: 'b' };
let lock: Lock | undefined;

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${await answer(line)}\n`);
}

async function answer(line: string): Promise<string> {
  if (line === 'storm') return storm();
  if (line === 'release') {
    lock?.release();
    return 'released';
  }
  lock = await tryOnce();
  return lock === undefined ? 'refused' : 'won';
}

async function storm(): Promise<string> {
  let won = 0;
  for (let n = 0; n < 200; n += 1) {
    const held = await tryOnce();
    if (held === undefined) continue;
    won += 1;
    try {
      closeSync(openSync(`${folder}.proof`, 'wx'));
      unlinkSync(`${folder}.proof`);
    } catch {
      return 'two holders';
    }
    held.release();
  }
  return `won ${won > 0 ? 'some' : 'none'}`;
}

function tryOnce(): Promise<Lock | undefined> {
  return acquireLock(folder, { self, isAlive }).catch(() => undefined);
}

function isAlive(asked: LockIdentity): boolean {
  if (asked.startToken !== 'now') return false;
  try {
    return process.kill(asked.pid, 0);
  } catch {
    return false;
  }
}
