import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHands, type Hands } from '../../src/host/hands.ts';
import { lookAt, readProcess, serviceMark } from '../../src/host/processes.ts';
import type { Exit } from '../../src/host/start-outcome.ts';
import { fixture, startProgram, until } from '../fixtures/start.ts';

const home = mkdtempSync(join(tmpdir(), 'jh-hands-'));
const started: number[] = [];
const exits: Exit[] = [];
const hands: Hands = createHands({ dryRun: false, home, onExit: (exit) => exits.push(exit) });

afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // has ended
    }
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

let count = 0;

async function start(
  argv: readonly string[],
  settings: { settleMs?: number; env?: Record<string, string>; cwd?: string } = {},
) {
  count += 1;
  const logFile = join(home, `${count}.log`);
  const service = { name: `web ${count}`, argv, cwd: settings.cwd ?? home, env: settings.env ?? {}, logFile };
  const outcome = await hands.startService({ ...service, settleMs: settings.settleMs ?? 300 });
  if (outcome.started && outcome.process !== undefined) started.push(outcome.process.pid);
  return { outcome, logFile, name: service.name, log: () => readFileSync(logFile, 'utf8') };
}

const node = process.execPath;
const web = (...flags: string[]) => [node, fixture('web.mjs'), ...flags];

function status(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.once('error', reject).end();
  });
}

describe('a service that is started', () => {
  it('has the umask of a login, whatever ours is, and ours stays', async () => {
    const before = process.umask(0o077);
    try {
      const { log, logFile } = await start(['/bin/sh', '-c', 'umask; exec sleep 60'], { settleMs: 10 });
      await until(() => log() !== '');
      expect(log()).toBe('0022\n');
      expect(statSync(logFile).mode & 0o777).toBe(0o600);
      expect(process.umask()).toBe(0o077);
    } finally {
      process.umask(before);
    }
  });

  it('answers, is known, stands in its folder, leads its own group and writes to its log', async () => {
    const { outcome, log, logFile, name } = await start(web('--port', '0'), { settleMs: 100, env: { EXTRA: '1' } });
    if (!outcome.started || outcome.process === undefined) throw new Error(JSON.stringify(outcome));
    const { process: one } = outcome;
    expect(one).toMatchObject({ proven: true, hadTerminal: false, ownGroup: one.pid, cwd: home });
    expect(one.command).toContain('web.mjs --port 0');
    const port = Number((await until(() => /ready (\d+)/.exec(log())?.[1])) ?? 0);
    expect(await status(port)).toBe(200);
    const facts = await readProcess(one.pid);
    expect(facts).toMatchObject({ pgid: one.pid, terminal: false });
    if (process.platform === 'linux') expect(facts?.sid).toBe(one.pid);
    expect(await serviceMark(one.pid, home)).toBe(name);
    expect(statSync(logFile).mode & 0o777).toBe(0o600);
    expect(lookAt(one)).toBe('alive');
  });

  it('does not get what belongs to the daemon', async () => {
    const ours = {
      NODE_OPTIONS: '--no-warnings',
      NOTIFY_SOCKET: '/run/n',
      WATCHDOG_USEC: '1',
      WATCHDOG_PID: '1',
      INVOCATION_ID: 'x',
    };
    Object.assign(process.env, ours);
    const { log } = await start(['sh', '-c', 'env; sleep 30'], { env: { MINE: 'yes' }, settleMs: 50 });
    for (const name of Object.keys(ours)) delete process.env[name];
    await until(() => log().includes('MINE=yes'));
    expect(log()).not.toMatch(/^(NODE_OPTIONS|NOTIFY_SOCKET|WATCHDOG_|INVOCATION_ID|npm_)/m);
    expect(log()).toContain(`PWD=${home}`);
  });

  it('tells us at once when it ends later, and how', async () => {
    const { outcome } = await start(['sh', '-c', 'sleep 0.2; exit 9'], { settleMs: 50 });
    if (!outcome.started || outcome.process === undefined) throw new Error('not started');
    const { pid } = outcome.process;
    expect(await until(() => exits.find((one) => one.pid === pid))).toEqual({ pid, exitCode: 9, signal: undefined });
  });
});

describe('a service whose starter is killed', () => {
  it('goes on, answers, and goes on writing its log', async () => {
    const logFile = join(home, 'survivor.log');
    const service = { name: 'survivor', argv: web('--port', '0'), cwd: home, env: {}, logFile, settleMs: 50 };
    const here = (path: string) => new URL(path, import.meta.url).href;
    const code = `
      const { createHands } = await import(${JSON.stringify(here('../../src/host/hands.ts'))});
      const hands = createHands({ dryRun: false, home: ${JSON.stringify(home)} });
      const outcome = await hands.startService(${JSON.stringify(service)});
      console.log('ready ' + outcome.process.pid);
      setInterval(() => {}, 1e6);`;
    const options = ['--import', here('../../scripts/ts.mjs'), '--input-type=module', '-e', code];
    const starter = await startProgram(node, options);
    const pid = starter.port; // what stands behind `ready`
    started.push(pid);
    process.kill(starter.pid, 'SIGKILL');
    await starter.stop();
    const port = Number(await until(() => /ready (\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1]));
    expect(await status(port)).toBe(200);
    expect(await readProcess(pid)).toMatchObject({ pid, pgid: pid });
    expect((await readProcess(pid))?.ppid).not.toBe(starter.pid);
  });
});

describe('a start that fails', () => {
  it('with an error at once gives status and last words of this start only', async () => {
    const logFile = join(home, 'failing.log');
    writeFileSync(logFile, 'old line of the last start\n');
    const argv = ['sh', '-c', 'echo reading the configuration; echo error: the database is not there >&2; exit 3'];
    const service = { name: 'failing', argv, cwd: home, env: {}, logFile, settleMs: 5_000 };
    const outcome = await hands.startService(service);
    expect(outcome).toMatchObject({ started: false, exitCode: 3, trouble: { code: 'START_ENDED' } });
    expect(outcome).toMatchObject({ lastLines: ['reading the configuration', 'error: the database is not there'] });
    expect(readFileSync(logFile, 'utf8')).toMatch(/^old line/);
  });

  it('by a signal says so', async () => {
    const { outcome } = await start(['sh', '-c', 'kill -9 $$'], { settleMs: 5_000 });
    expect(outcome).toMatchObject({ started: false, exitCode: undefined, trouble: { code: 'START_ENDED' } });
    expect(JSON.stringify(outcome)).toContain('SIGKILL');
  });

  it.each([
    [['no-such-program'], 'START_NOT_FOUND', 'on PATH'],
    [['./no-such.sh'], 'START_NOT_FOUND', 'folder'],
    [[''], 'START_NOT_FOUND', 'empty'],
  ])('because %j is not there names it', async (argv, code, words) => {
    const { outcome } = await start(argv);
    expect(outcome).toMatchObject({ started: false, exitCode: undefined, trouble: { code } });
    expect(JSON.stringify(outcome)).toContain(words);
  });

  it('because of its folder or a script without interpreter says so', async () => {
    expect((await start(['true'], { cwd: join(home, 'none') })).outcome).toMatchObject({
      trouble: { code: 'START_NO_FOLDER' },
    });
    writeFileSync(join(home, 'bad.sh'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect((await start(['./bad.sh'])).outcome).toMatchObject({ started: false, trouble: { code: 'START_REFUSED' } });
  });
});

describe('a start command that makes a daemon of itself', () => {
  it('has started, though its own process has ended; what it left behind carries the mark', async () => {
    const pidFile = join(home, 'daemon.pid');
    const { outcome, name } = await start(web('--daemonise', '--pid-file', pidFile), { settleMs: 5_000 });
    expect(outcome).toEqual({ started: true, process: undefined, via: 'detached' });
    const pid = await until(() => existsSync(pidFile) && (Number(readFileSync(pidFile, 'utf8')) || undefined));
    started.push(pid);
    expect(await serviceMark(pid, home)).toBe(name);
  });
});

describe('the log of a service', () => {
  it('that is long is put aside before the start', async () => {
    const logFile = join(home, 'long.log');
    writeFileSync(logFile, 'old');
    truncateSync(logFile, 21 * 1_024 * 1_024);
    const service = { name: 'long', argv: ['echo', 'new'], cwd: home, env: {}, logFile, settleMs: 5_000 };
    await hands.startService(service);
    expect(readFileSync(logFile, 'utf8')).toBe('new\n');
    expect(statSync(`${logFile}.1`).size).toBe(21 * 1_024 * 1_024);
    rmSync(`${logFile}.1`);
  });

  it('that is a link is not written to, and the service starts all the same', async () => {
    const victim = join(home, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(home, 'link.log'));
    const said: string[] = [];
    const loud = createHands({ dryRun: false, home, say: (line) => said.push(line) });
    const logFile = join(home, 'link.log');
    const outcome = await loud.startService({
      name: 'l',
      argv: ['echo', 'x'],
      cwd: home,
      env: {},
      logFile,
      settleMs: 5_000,
    });
    expect(outcome.started).toBe(true);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(said.join('\n')).toContain('is not kept');
  });
});
