import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { forgetAllBut, glanceAt } from '../../src/host/glance.ts';
import { readProcess } from '../../src/host/processes.ts';
import { startProgram, until } from '../fixtures/start.ts';

const openOnes = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).endsWith('/statm');
    } catch {
      return false;
    }
  }).length;

test.skipIf(process.platform !== 'linux')(
  'a glance sees a process live and die, and leaves nothing open (SKIPPED: needs /proc)',
  async () => {
    const program = await startProgram('sleep', ['60'], { ready: false });
    const facts = await readProcess(program.pid);
    if (facts === undefined) throw new Error('the program is not there');
    expect(glanceAt(facts)).toBe(true);
    expect(glanceAt(facts)).toBe(true);
    expect(openOnes()).toBe(1);
    expect(glanceAt({ ...facts, startToken: 'of another life' })).toBe(false);
    process.kill(facts.pid, 'SIGKILL');
    await until(async () => !glanceAt(facts));
    expect(openOnes()).toBe(0);
    await program.stop();
  },
);

test.skipIf(process.platform !== 'linux')('a zombie is gone (SKIPPED: needs /proc)', async () => {
  // A parent that never fetches the exit status of its child leaves it a zombie.
  const script =
    'import os,time\npid=os.fork()\nif pid==0: time.sleep(1e6)\nprint("child",pid,flush=True)\ntime.sleep(1e6)';
  const parent = await startProgram('python3', ['-c', script], { ready: false });
  const child = Number((await parent.line(/child (\d+)/))[1]);
  const facts = await readProcess(child);
  if (facts === undefined) throw new Error('the child is not there');
  expect(glanceAt(facts)).toBe(true);
  process.kill(child, 'SIGKILL');
  await until(async () => !glanceAt(facts));
  expect(openOnes()).toBe(0);
  await parent.stop();
});

test('what is watched no more is closed', async () => {
  const self = await readProcess(process.pid);
  if (self === undefined) throw new Error('we are not there');
  glanceAt(self);
  forgetAllBut(new Set());
  expect(process.platform === 'linux' ? openOnes() : 0).toBe(0);
});
