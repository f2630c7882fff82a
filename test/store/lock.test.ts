import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireLock, type LockIdentity, readLock } from '../../src/store/lock.ts';
import { contenders } from './contenders.ts';
import { scratch } from './scratch.ts';

const one: LockIdentity = { pid: 101, startToken: 'boot-a:1 x%', bootId: 'boot-a' };
const two: LockIdentity = { pid: 102, startToken: 'boot-a:2', bootId: 'boot-a' };
const alive = () => true;
const dead = () => false;

describe('the lock of a home folder', () => {
  it('is free, then held, then free again', async () => {
    const folder = join(scratch(), 'lock');
    expect(readLock(folder)).toBeUndefined();
    const lock = await acquireLock(folder, { self: one, isAlive: alive });
    expect(readLock(folder)).toEqual(one);
    lock.release();
    expect(readLock(folder)).toBeUndefined();
    await acquireLock(folder, { self: two, isAlive: alive });
    expect(readLock(folder)).toEqual(two);
  });

  it('tells the second daemon the pid of the first', async () => {
    const folder = join(scratch(), 'lock');
    await acquireLock(folder, { self: one, isAlive: alive });
    await expect(acquireLock(folder, { self: two, isAlive: alive })).rejects.toMatchObject({
      code: 'DAEMON_RUNNING',
      message: expect.stringContaining('process 101'),
    });
  });

  it('asks about exactly the process that took it, so a reused pid does not hold it', async () => {
    const folder = join(scratch(), 'lock');
    await acquireLock(folder, { self: one, isAlive: alive });
    const now: LockIdentity = { ...one, startToken: 'boot-a:999' };
    const isAlive = (asked: LockIdentity) => asked.pid === now.pid && asked.startToken === now.startToken;
    await acquireLock(folder, { self: now, isAlive });
    expect(readLock(folder)).toEqual(now);
  });

  it('is not held by a process of an earlier boot, whoever has its pid now', async () => {
    const folder = join(scratch(), 'lock');
    await acquireLock(folder, { self: { ...one, bootId: 'boot-0' }, isAlive: alive });
    await acquireLock(folder, { self: two, isAlive: alive });
    expect(readLock(folder)).toEqual(two);
  });

  it('is released only by its holder', async () => {
    const folder = join(scratch(), 'lock');
    const first = await acquireLock(folder, { self: one, isAlive: alive });
    await acquireLock(folder, { self: two, isAlive: dead });
    first.release();
    expect(readLock(folder)).toEqual(two);
  });

  it('is not held by garbage', async () => {
    const folder = join(scratch(), 'lock');
    const lock = await acquireLock(folder, { self: one, isAlive: dead });
    lock.release();
    writeFileSync(join(folder, '7'), 'not a link');
    symlinkSync('%zz 1 2', join(folder, '8'));
    await acquireLock(folder, { self: two, isAlive: alive });
    expect(readLock(folder)).toEqual(two);
    expect(readdirSync(folder)).toEqual(['9']);
  });

  it('is not won by one who looked long ago, when others came and went meanwhile', async () => {
    const folder = join(scratch(), 'lock');
    await acquireLock(folder, { self: one, isAlive: alive });
    const late: LockIdentity = { pid: 103, startToken: 'boot-a:3', bootId: 'boot-a' };
    let looked = 0;
    const isAlive = async () => {
      looked += 1;
      if (looked > 1) return true;
      (await acquireLock(folder, { self: two, isAlive: dead })).release();
      await acquireLock(folder, { self: two, isAlive: alive });
      return false;
    };
    await expect(acquireLock(folder, { self: late, isAlive })).rejects.toMatchObject({ code: 'DAEMON_RUNNING' });
    expect(readLock(folder)).toEqual(two);
  });
});

describe('processes that race for a lock whose holder died', () => {
  it('have one winner; when it is killed, again one', async () => {
    const base = scratch();
    const folder = join(base, 'lock');
    await acquireLock(folder, { self: one, isAlive: alive });
    const all = await contenders(base, folder, 5);
    for (let left = all; left.length > 3; ) {
      const answers = await Promise.all(left.map((contender) => contender.ask('try')));
      expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
      const winner = left[answers.indexOf('won')];
      expect(readLock(folder)?.pid).toBe(winner?.child.pid);
      await winner?.kill();
      left = left.filter((contender) => contender !== winner);
    }
  });
});
