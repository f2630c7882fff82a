import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import {
  descendsFrom,
  isSelfOrAncestor,
  listProcesses,
  lookAt,
  readProcess,
  serviceMark,
} from '../../src/host/processes.ts';
import { type Running, startFixture, startProgram, until } from '../fixtures/start.ts';

const running: Running[] = [];

async function start(...args: Parameters<typeof startProgram>): Promise<Running> {
  const one = await startProgram(...args);
  running.push(one);
  return one;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

const onLinux = process.platform === 'linux';
const linuxOnly = onLinux ? '' : ' (SKIPPED: only Linux has /proc)';

describe('a process', () => {
  it('is read as what it is', async () => {
    const web = await startFixture('web.mjs');
    running.push(web);
    const facts = await readProcess(web.pid);
    expect(facts).toMatchObject({ pid: web.pid, ppid: process.pid, uid: process.getuid?.(), cwd: process.cwd() });
    expect(facts?.command).toMatch(/web\.mjs$/);
    expect(facts?.argv.length).toBe(2);
    expect(facts?.rssBytes).toBeGreaterThan(10_000_000);
    expect(facts?.cpuMs).toBeGreaterThan(0);
    // It shares the terminal of who started it: a person's, or none as in CI.
    expect(facts?.terminal).toBe((await readProcess(process.pid))?.terminal);
  });

  it('is alive, stopped, alive again and gone', async () => {
    const web = await start('sleep', ['60'], { ready: false });
    const facts = await readProcess(web.pid);
    if (facts === undefined) throw new Error('not there');
    expect(lookAt(facts)).toBe('alive');
    process.kill(web.pid, 'SIGSTOP');
    if (onLinux) await until(() => lookAt(facts) === 'stopped');
    process.kill(web.pid, 'SIGCONT');
    await until(() => lookAt(facts) === 'alive');
    await web.stop();
    expect(lookAt(facts)).toBe('gone');
    expect(await readProcess(web.pid)).toBeUndefined();
  });

  it('is another when only the number is the same', async () => {
    const own = await readProcess(process.pid);
    if (own === undefined) throw new Error('not there');
    if (onLinux) expect(lookAt({ pid: own.pid, startToken: 'an-earlier-boot:1' })).toBe('gone');
    expect(lookAt({ pid: own.pid, startToken: own.startToken })).toBe('alive');
  });

  it.skipIf(!onLinux)(`is gone as soon as it is a zombie${linuxOnly}`, async () => {
    // The shell starts a child that ends, becomes a program that never asks for its exit status, and so keeps a zombie.
    const parent = await start('sh', ['-c', 'sleep 0 & echo "zombie $!"; exec sleep 30'], { ready: false });
    const pid = Number((await parent.line(/zombie (\d+)/))[1]);
    await until(async () => (await readProcess(pid)) === undefined);
    expect((await listProcesses()).some((one) => one.pid === pid)).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow(); // still has its number
  });

  it.skipIf(!onLinux)(`lives on when only its first thread has ended${linuxOnly}`, async () => {
    const code = [
      'import ctypes, threading, time',
      'threading.Thread(target=time.sleep, args=(30,)).start()',
      'print("ready 0", flush=True)',
      'ctypes.CDLL(None).pthread_exit(None)',
    ].join('\n');
    const python = await start('python3', ['-c', code]);
    const facts = await until(() => readProcess(python.pid));
    await until(async () => (await readProcess(python.pid))?.state === 'Z');
    expect(lookAt(facts)).toBe('alive');
  });

  it.skipIf(!onLinux)(`may have any name${linuxOnly}`, async () => {
    const code = [
      "import ctypes, time; ctypes.CDLL(None).prctl(15, b'a) R 1 (b', 0, 0, 0)", // PR_SET_NAME, prctl(2)
      'print("ready 0", flush=True); time.sleep(30)',
    ].join('\n');
    const python = await start('python3', ['-c', code]);
    const facts = await readProcess(python.pid);
    expect(facts?.ppid).toBe(process.pid);
    expect(facts === undefined ? undefined : lookAt(facts)).toBe('alive');
  });
});

describe('families', () => {
  it('hang together over generations', async () => {
    const shell = await start('sh', ['-c', 'sleep 30 & echo "child $!"; wait'], { ready: false });
    const child = Number((await shell.line(/child (\d+)/))[1]);
    const all = await listProcesses();
    expect(descendsFrom(child, shell.pid, all)).toBe(true);
    expect(descendsFrom(child, process.pid, all)).toBe(true);
    expect(descendsFrom(shell.pid, child, all)).toBe(false);
    expect(descendsFrom(child, child, all)).toBe(false);
    process.kill(child, 'SIGKILL');
  });

  it('protect us and those we come from, and nobody else', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    await once(child, 'spawn');
    expect(isSelfOrAncestor(process.pid)).toBe(true);
    expect(isSelfOrAncestor(process.ppid)).toBe(true);
    expect(isSelfOrAncestor(child.pid ?? 0)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
  });
});

describe('the mark of a service', () => {
  it('is read from its environment, also when the name has blanks, and belongs to one home', async () => {
    const env = { ...process.env, JARVIS_HEALTH_SERVICE: 'Büro hub.1', JARVIS_HEALTH_HOME: '/home/a b' };
    const web = await start('sleep', ['30'], { env, ready: false });
    await until(async () => (await serviceMark(web.pid)) === 'Büro hub.1');
    expect(await serviceMark(web.pid, '/home/a b')).toBe('Büro hub.1');
    expect(await serviceMark(web.pid, '/home/other')).toBeUndefined();
    expect(await serviceMark(2_147_483_000)).toBeUndefined();
  });
});
