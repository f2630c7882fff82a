import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/store/audit-verify.ts';
import { openHome } from '../../src/store/home.ts';
import { acquireLock, type LockIdentity, readLock } from '../../src/store/lock.ts';
import { openState } from '../../src/store/state.ts';
import { openStore } from '../../src/store/store.ts';
import { contenders } from '../store/contenders.ts';
import { crashRounds } from '../store/crash-rounds.ts';
import { fillUp } from '../store/full-disk.ts';
import { NOON, sampleAlert, sampleState } from '../store/samples.ts';
import { bundled, cannotMount, mounted, scratch } from '../store/scratch.ts';

const cannotTrace = ((): string => {
  if (process.platform !== 'linux') return ' (SKIPPED: needs Linux)';
  return spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0
    ? ''
    : ' (SKIPPED: strace is missing or may not trace)';
})();

describe('the store, at length', () => {
  it('a full state truncated at every byte gives the newest or the one before', async () => {
    const paths = { state: join(scratch(), 'state.json') };
    const document = await openState(paths, { nowMs: NOON });
    await document.save(sampleState(1));
    await document.save(sampleState(2));
    const whole = readFileSync(paths.state);
    for (let bytes = 0; bytes < whole.length; bytes += 1) {
      writeFileSync(paths.state, whole);
      truncateSync(paths.state, bytes);
      const { value, notices } = await openState(paths, { nowMs: NOON });
      expect(value.lastAttempt).toBe(notices.length === 0 ? 2 : 1);
    }
  });

  it('a hundred times kill -9 lose nothing that was acknowledged', () => crashRounds(scratch(), 100));

  it('twenty processes race a hundred times for a lock whose holder died, or that is released or left behind', async () => {
    const base = scratch();
    const folder = join(base, 'lock');
    const dead: LockIdentity = { pid: 1, startToken: 'an earlier life', bootId: 'b' };
    await acquireLock(folder, { self: dead, isAlive: () => true });
    let left = await contenders(base, folder, 20);
    for (let round = 0; round < 100; round += 1) {
      const answers = await Promise.all(left.map((contender) => contender.ask('try')));
      expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
      const winner = left[answers.indexOf('won')];
      expect(readLock(folder)?.pid).toBe(winner?.child.pid);
      if (round % 10 !== 9) await winner?.ask('release');
      else {
        await winner?.kill();
        left = left.filter((contender) => contender !== winner);
      }
    }
    expect(left).toHaveLength(10);
    const answers = await Promise.all(left.map((contender) => contender.ask('storm')));
    expect(answers).not.toContain('two holders');
    expect(answers).toContain('won some');
    await left[0]?.ask('try');
    await expect(
      acquireLock(folder, { self: { pid: 1, startToken: 'x', bootId: 'b' }, isAlive: () => true }),
    ).rejects.toMatchObject({ code: 'DAEMON_RUNNING' });
  });
});

describe('a disk whose fsync fails', () => {
  it.skipIf(cannotTrace !== '')(`is never taken for a save${cannotTrace}`, async () => {
    const folder = scratch();
    const program = bundled('fsync-writer', folder);
    const path = join(folder, 'home');
    const run = (inject: readonly string[]) =>
      execFileSync(
        'strace',
        ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', ...inject, process.execPath, program, path],
        {
          encoding: 'utf8',
        },
      );
    expect(run([])).toBe('saved 1\n');
    expect(run(['-e', 'inject=fsync:error=EIO:when=1+'])).toBe('failed 2 SAVE_FAILED\n');
    expect(run([])).toBe('saved 2\n');
  });
});

describe.skipIf(cannotMount !== '')(`a small ext4 disk${cannotMount}`, () => {
  function ext4(): string {
    const base = scratch();
    const image = join(base, 'image');
    const folder = join(base, 'disk');
    execFileSync('truncate', ['-s', '12M', image]);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', '-E', 'root_owner=0:0', image]);
    execFileSync('mkdir', ['-m', '700', folder]);
    mounted(folder, ['-o', 'loop', image]);
    return join(folder, 'home');
  }

  it('that is full still takes state, alerts and audit, and heals', async () => {
    const home = openHome(ext4());
    const store = await openStore({ home, clockNow: () => NOON });
    await store.saveState(sampleState(1));
    const filler = fillUp(home.path);
    for (let n = 2; n < 30; n += 1) {
      await store.saveState(sampleState(n));
      await store.alerts.add(sampleAlert(`a${n}`));
      await store.audit.append({ kind: 'test', text: 'Did it.' }, NOON);
    }
    expect(store.notices().map(({ code }) => code)).toContain('DISK_FULL');
    const again = await openStore({ home, clockNow: () => NOON });
    expect(again.state).toEqual(sampleState(29));
    expect(await again.alerts.pending()).toHaveLength(28);
    expect(await verifyAudit(home.paths.audit)).toMatchObject({ ok: true, lines: 28 });
    unlinkSync(filler);
    await store.upkeep();
    expect(store.notices()).toEqual([]);
  });

  it('that goes read-only fails saves with words, and nothing saved is lost', async () => {
    const home = openHome(ext4());
    const store = await openStore({ home, clockNow: () => NOON });
    await store.saveState(sampleState(1));
    execFileSync('mount', ['-o', 'remount,ro', join(home.path, '..')]);
    await expect(store.saveState(sampleState(2))).rejects.toMatchObject({ code: 'SAVE_FAILED' });
    await expect(store.alerts.add(sampleAlert('a'))).rejects.toMatchObject({ code: 'SAVE_FAILED' });
    expect(store.trouble()).toContain('could not be saved');
    await store.upkeep();
    execFileSync('mount', ['-o', 'remount,rw', join(home.path, '..')]);
    await store.saveState(sampleState(3));
    expect((await openStore({ home, clockNow: () => NOON })).state).toEqual(sampleState(3));
  });
});
