import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bootId } from '../../src/host/boot-id.ts';
import { listProcesses, lookAt } from '../../src/host/processes.ts';
import { readLock } from '../../src/store/lock.ts';
import { eventually, fixture, freePort, program, TestDaemon } from '../helpers/daemon.ts';

type AtEnd = (clean: () => void) => void;

/** A home folder and the command line for it; a daemon it started in the background is gone when the test ends. */
function newHome(atEnd: AtEnd) {
  const home = mkdtempSync(join(tmpdir(), 'jh-'));
  const holder = () => {
    const found = readLock(join(home, 'run/lock'));
    return found !== undefined && found.bootId === bootId() && lookAt(found) !== 'gone' ? found : undefined;
  };
  atEnd(() => {
    const left = holder();
    if (left !== undefined) process.kill(left.pid, 'SIGKILL');
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--home', home, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: '' },
      timeout: 60_000,
    });
    return { code: status, out: stdout, err: stderr };
  };
  return { home, holder, run };
}

/** What in a home folder others may do anything with. A link has no mode of its own. */
function openToOthers(home: string): readonly string[] {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    const stat = lstatSync(join(home, name));
    return !stat.isSymbolicLink() && (stat.mode & 0o077) !== 0;
  });
}

describe('the program itself', () => {
  test('with nothing to look at, a start waits for no look', ({ onTestFinished }) => {
    const { home, run } = newHome(onTestFinished);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'config.yaml'), 'services: {}\ndisk: off\nmemory: off\n', { mode: 0o600 });
    const started = run('--json', 'start');
    expect(started).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(started.out)).toMatchObject({ started: true, looked: true, snapshot: { targets: [] } });
    expect(run('stop').code).toBe(0);
  });

  test('start, status, a second start, restart and stop', ({ onTestFinished }) => {
    const { home, holder, run } = newHome(onTestFinished);
    const started = run('start');
    expect(started).toMatchObject({ code: 0, err: '' });
    expect(started.out).toMatch(/ working +memory/);
    expect(started.out).toContain('It acts on nothing yet.');
    expect(started.out).toContain('Next:');
    for (const line of started.out.split('\n'))
      expect([...line].length, line).toBeLessThanOrEqual(80 + (line.includes(home) ? home.length : 0));
    const first = holder();
    expect(run('start')).toMatchObject({ code: 0, out: expect.stringContaining(`process ${first?.pid}`) });
    expect(run('status').out).toContain(`pid ${first?.pid}`);
    expect(run('restart', '--observe').code).toBe(0);
    expect(holder()?.pid).not.toBe(first?.pid);
    expect(JSON.parse(readFileSync(join(home, 'config.schema.json'), 'utf8'))).toHaveProperty('properties.services');
    expect(openToOthers(home)).toEqual([]);
    expect(run('stop').out).toMatch(/has ended in order\.\n$/);
    expect(holder()).toBeUndefined();
    expect(existsSync(join(home, 'run/daemon.sock'))).toBe(false);
    const after = run('status');
    expect(after.code).toBe(3);
    expect(after.out).toContain('The health daemon is not running');
    expect(run('logs').out).toContain('daemon stopped');
    expect(run('audit', 'verify').code).toBe(0);
  });

  test('a config that is wrong is said on the terminal, with 78', ({ onTestFinished }) => {
    const { home, run } = newHome(onTestFinished);
    writeFileSync(join(home, 'config.yaml'), 'disk:\n  - path: /\n    warning: 200%\n', { mode: 0o600 });
    expect(run('start')).toMatchObject({ code: 78, err: expect.stringContaining('CONFIG_INVALID config.yaml:3:') });
    expect(run('start', '--foreground')).toMatchObject({
      code: 78,
      err: expect.stringContaining('CONFIG_INVALID config.yaml:3:'),
    });
  });

  test('a restart with a wrong config is refused, and the daemon goes on', ({ onTestFinished }) => {
    const { home, holder, run } = newHome(onTestFinished);
    expect(run('start').code).toBe(0);
    const first = holder();
    writeFileSync(join(home, 'config.yaml'), 'disk:\n  - path: /\n    warning: 200%\n', { mode: 0o600 });
    expect(run('restart')).toMatchObject({ code: 78, err: expect.stringContaining('CONFIG_INVALID config.yaml:3:') });
    expect(holder()?.pid).toBe(first?.pid);
    expect(run('stop').code).toBe(0);
  });

  test('a home folder that others may write to is refused, with 77', ({ onTestFinished }) => {
    const { home, run } = newHome(onTestFinished);
    spawnSync('chmod', ['777', home]);
    expect(run('start')).toMatchObject({ code: 77, err: expect.stringContaining('HOME_NOT_SAFE') });
  });

  test('status and help end quietly when nobody reads on', () => {
    for (const args of ['--help', 'status --json --all', 'doctor --json']) {
      const { status, stderr } = spawnSync(
        'bash',
        [
          '-c',
          `set -o pipefail; "${process.execPath}" "${program}" --home /nonexistent ${args} | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`,
        ],
        { encoding: 'utf8' },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  test('alerts of a daemon that died are still given, once, and the story of it is kept', async ({
    onTestFinished,
  }) => {
    const port = await freePort();
    const start = [process.execPath, fixture('web.mjs'), '--port', String(port), '--exit', '3'];
    const daemon = await new TestDaemon(onTestFinished)
      .write({
        services: { web: { http: `http://127.0.0.1:${port}/`, start, policy: { bringUpTries: 1 } } },
        disk: [],
        memory: 'off',
      })
      .start();
    await daemon.until('an alert is pending', async () => ((await daemon.alerts()).length > 0 ? true : undefined));
    // The picture of the dead is as old as the last file it wrote.
    await daemon.until('the last picture is written', () =>
      existsSync(join(daemon.home, 'health-data.js')) &&
      readFileSync(join(daemon.home, 'health-data.js'), 'utf8').includes('"incident":"1"')
        ? true
        : undefined,
    );
    await daemon.kill('SIGKILL');
    const taken = JSON.parse(daemon.run('alerts', 'take', '--json').out);
    expect(taken.alerts).toMatchObject([{ kind: 'opened', target: 'web' }]);
    expect(daemon.run('alerts', 'take').out).toBe('No alert is pending.\n');
    expect(daemon.run('alerts', 'list', '--all').out).toContain('taken');
    expect(daemon.run('incidents').out).toContain('web');
  });

  test.each([
    ['is interrupted', (child: ChildProcess) => void child.kill('SIGINT')],
    ['has nobody to read it any more', (child: ChildProcess) => void child.stdout?.destroy()],
  ])('the demo that %s leaves no process and no file', async (_, end) => {
    const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: '' };
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('jarvis-health-demo-'));
    const others = folders();
    const child = spawn(process.execPath, [program, 'demo', '--no-color'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await eventually('shop was killed and is back', () => (out.includes('shop answers again') ? true : undefined));
    const ours = folders().filter((name) => !others.includes(name));
    expect(ours).toHaveLength(1);
    const ended = once(child, 'exit');
    end(child);
    expect(await ended).toEqual([130, null]);
    const mentions = (words: readonly string[]) => ours.some((name) => words.some((word) => word.includes(name)));
    expect((await listProcesses()).filter(({ cwd, argv }) => mentions([cwd ?? '', ...argv]))).toEqual([]);
    expect(folders().filter((name) => ours.includes(name))).toEqual([]);
  });
});
