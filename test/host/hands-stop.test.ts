import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHands } from '../../src/host/hands.ts';
import { lookAt, type ProcessFacts, readProcess } from '../../src/host/processes.ts';
import { fixture, type Running, startProgram, until } from '../fixtures/start.ts';

const home = mkdtempSync(join(tmpdir(), 'jh-stop-'));
const running: Running[] = [];
const hands = createHands({ dryRun: false, home });

async function track(starting: Promise<Running>): Promise<{ one: Running; facts: ProcessFacts }> {
  const one = await starting;
  running.push(one);
  const facts = await readProcess(one.pid);
  if (facts === undefined) throw new Error('it has ended');
  return { one, facts };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sleeper = () => track(startProgram('sleep', ['60'], { ready: false }));
/** Goes on after TERM. */
const stubborn = () => track(startProgram('sh', ['-c', 'trap "" TERM; echo ready 0; while :; do sleep 0.05; done']));

/** By which signal it ended. */
async function endOf(one: Running): Promise<string | null> {
  await one.stop();
  return one.child.signalCode;
}

describe('ending a process', () => {
  it('asks first, and that is enough', async () => {
    const { one, facts } = await sleeper();
    expect(await hands.stopProcess(facts, { graceMs: 10_000, group: false })).toBe('stopped');
    expect(lookAt(facts)).toBe('gone');
    expect(await endOf(one)).toBe('SIGTERM');
  });

  it('kills what does not end within the grace', async () => {
    const { one, facts } = await stubborn();
    expect(await hands.stopProcess(facts, { graceMs: 100, group: false })).toBe('stopped');
    expect(await endOf(one)).toBe('SIGKILL');
  });

  it('kills what a person has stopped too', async () => {
    const { facts, one } = await sleeper();
    process.kill(one.pid, 'SIGSTOP');
    // Of two pending signals the lower number is taken first, and TERM is lower (signal(7)).
    if (process.platform === 'linux') await until(() => lookAt(facts) === 'stopped');
    expect(await hands.stopProcess(facts, { graceMs: 100, group: false })).toBe('stopped');
    expect(await endOf(one)).toBe('SIGKILL');
  });

  it('that has ended, or whose number another has now, does nothing', async () => {
    const { one, facts } = await sleeper();
    const other = { pid: one.pid, startToken: `${facts.startToken}0` };
    expect(await hands.stopProcess(other, { graceMs: 100, group: false })).toBe('was-gone');
    expect(await hands.stopProcess({ ...other, startToken: 'earlier-boot:1' }, { graceMs: 100, group: true })).toBe(
      'was-gone',
    );
    expect(lookAt(facts)).toBe('alive');
    await one.stop();
    expect(await hands.stopProcess(facts, { graceMs: 100, group: false })).toBe('was-gone');
  });

  it('is refused for ourselves, for whom we come from, and for pid 1, with or without group', async () => {
    const own = await readProcess(process.pid);
    const parent = await readProcess(process.ppid);
    const first = (await readProcess(1)) ?? { pid: 1, startToken: '' };
    if (own === undefined || parent === undefined) throw new Error('not there');
    for (const group of [false, true]) {
      for (const one of [own, parent, first, { pid: 0, startToken: '' }, { pid: -1, startToken: '' }]) {
        expect(await hands.stopProcess(one, { graceMs: 0, group })).toBe('not-allowed');
      }
    }
  });
});

describe('ending a group', () => {
  it('ends its children too, where we created the group', async () => {
    const logFile = join(home, 'family.log');
    const argv = [process.execPath, fixture('web.mjs'), '--fork-child', '--ignore-term'];
    const outcome = await hands.startService({ name: 'family', argv, cwd: home, env: {}, logFile, settleMs: 100 });
    if (!outcome.started || outcome.process === undefined) throw new Error('not started');
    const child = await until(async () => {
      const pid = existsSync(logFile) && /child (\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
      return pid ? await readProcess(Number(pid)) : undefined;
    });
    await until(() => readFileSync(logFile, 'utf8').includes('ready'));
    expect(await hands.stopProcess(outcome.process, { graceMs: 150, group: true })).toBe('stopped');
    expect([lookAt(outcome.process), lookAt(child)]).toEqual(['gone', 'gone']);
  });

  it('waits for members that outlive the first, and kills them', async () => {
    const logFile = join(home, 'stubborn.log');
    const argv = ['bash', '-c', '(trap "" TERM; echo "child $BASHPID"; while :; do sleep 0.05; done) & wait'];
    const outcome = await hands.startService({ name: 'stubborn', argv, cwd: home, env: {}, logFile, settleMs: 50 });
    if (!outcome.started || outcome.process === undefined) throw new Error('not started');
    const child = await until(async () => {
      const pid = /child (\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
      return pid === undefined ? undefined : await readProcess(Number(pid));
    });
    expect(await hands.stopProcess(outcome.process, { graceMs: 150, group: true })).toBe('stopped');
    expect(lookAt(child)).toBe('gone');
  });

  it('never ends our own, though the caller says so: only the process itself', async () => {
    const { facts } = await sleeper(); // in the group of this test
    expect(facts.pgid).toBe((await readProcess(process.pid))?.pgid);
    expect(await hands.stopProcess(facts, { graceMs: 2_000, group: true })).toBe('stopped');
  });
});
