import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot, TargetView } from '../../src/core/snapshot.ts';
import { type Box, bootBox, type Ended, whyNoBox } from '../box/boot-box.ts';
import { eventually } from '../helpers/daemon.ts';

const why = whyNoBox();

const PROGRAM = ['node', '/jarvis-health/bin/jarvis-health.js'];
const FIXTURE = '/jarvis-health/test/fixtures/web.mjs';
const WEB = `/usr/local/bin/node ${FIXTURE}`;

/** Who runs a daemon: a login with its user manager, or root with the system's. */
type Who = { readonly user: string | undefined; readonly home: string };
const ada: Who = { user: 'ada', home: '/home/ada/jh' };
const root: Who = { user: undefined, home: '/var/lib/jh' };

describe.skipIf(why !== undefined)(`services that systemd owns${why === undefined ? '' : ` (SKIPPED: ${why})`}`, () => {
  let box: Box;
  let port = 9_000;
  const ports = new Map<string, number>();

  const as = ({ user }: Who, argv: readonly string[], timeoutMs = 20_000): Promise<Ended> =>
    box.exec(argv, { ...(user === undefined ? {} : { user }), timeoutMs });
  const systemctl = async (who: Who, ...words: string[]) =>
    await as(who, ['systemctl', ...(who.user === undefined ? [] : ['--user']), ...words]);
  const show = async (who: Who, name: string, property: string) =>
    (await systemctl(who, 'show', '--value', `--property=${property}`, `${name}.service`)).stdout.trim();
  const mainPid = async (who: Who, name: string) => Number(await show(who, name, 'MainPID'));
  async function kill(pid: number, signal = 'KILL'): Promise<void> {
    // 0 would be our own group.
    if (pid < 2) throw new Error(`no process to kill: ${pid}`);
    await box.exec(['kill', `-${signal}`, String(pid)]);
  }

  const lives = async (pid: number) => (await box.exec(['kill', '-0', String(pid)])).exitCode === 0;

  /** Writes a unit that serves on a port of its own. */
  async function unit(who: Who, name: string, service: readonly string[], command = `${WEB} --port PORT`) {
    ports.set(name, ++port);
    const text = ['[Service]', `ExecStart=${command.replace('PORT', String(port))}`, ...service, ''].join('\n');
    writeFileSync(join(box.out, `${name}.service`), text);
    const folder = who.user === undefined ? '/etc/systemd/system' : '/home/ada/.config/systemd/user';
    await as(who, ['sh', '-c', `mkdir -p ${folder} && cp /out/${name}.service ${folder}/`]);
    await systemctl(who, 'daemon-reload');
  }

  /** Who holds a service's port, and answers; 0 when nobody does. */
  async function answers(name: string): Promise<number> {
    const answer = await box.exec(['curl', '-sfm1', '-o', '/dev/null', `http://127.0.0.1:${ports.get(name)}/`]);
    return answer.exitCode === 0 ? await holder(name) : 0;
  }
  async function holder(name: string): Promise<number> {
    const { stdout } = await box.exec(['ss', '-Hltnp', `sport = :${ports.get(name)}`]);
    return Number(/pid=(\d+)/.exec(stdout)?.[1] ?? 0);
  }

  async function daemon(who: Who, services: Record<string, object>) {
    const watched = Object.entries(services).map(([name, more]) => [
      name,
      { http: `http://127.0.0.1:${ports.get(name)}/`, every: '1s', hungAfter: '3s', ...more },
    ]);
    const config = { services: Object.fromEntries(watched), disk: [], memory: 'off', limits: { hostAttempts: 100 } };
    writeFileSync(join(box.out, 'config.yaml'), JSON.stringify(config));
    await as(who, ['sh', '-c', `mkdir -p -m 700 ${who.home} && cp /out/config.yaml ${who.home}/`]);
    const flags = ['--unit=jh', '--collect', ...(who.user === undefined ? [] : ['--user'])];
    const command = [...PROGRAM, 'start', '--foreground', '--home', who.home];
    const started = await as(who, ['systemd-run', ...flags, ...command]);
    expect(started.exitCode, started.stderr).toBe(0);
    await eventually('the daemon is ready', async () => (await ask(who, '/readyz')).exitCode === 0 || undefined);
  }

  const ask = (who: Who, path: string, body?: object) => {
    const sends = body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
    return as(who, [
      'curl',
      '-sfm20',
      '--unix-socket',
      `${who.home}/run/daemon.sock`,
      ...sends,
      `http://localhost${path}`,
    ]);
  };

  async function view(who: Who, name: string): Promise<TargetView> {
    const snapshot: Snapshot = JSON.parse((await ask(who, '/api/v1/state')).stdout);
    const found = snapshot.targets.find(({ id }) => id === name);
    if (found === undefined) throw new Error(`${name} is not watched`);
    return found;
  }
  const works = async (who: Who, name: string) => (await view(who, name)).state;
  const attemptsAt = async (who: Who, name: string) => (await view(who, name)).attempts.length;
  const rulings = async (who: Who, name: string) => (await view(who, name)).rulings.map(({ text }) => text).join('\n');

  beforeAll(async () => {
    box = await bootBox();
    await box.addUser('ada');
    await box.exec(['chmod', '777', '/out']);
    await unit(ada, 'always', ['Restart=always', 'RestartSec=2']);
    await unit(ada, 'slow', ['Restart=always', 'RestartSec=10']);
    await unit(ada, 'once', ['Restart=no']);
    await unit(ada, 'found', ['Restart=no']);
    await unit(ada, 'person', ['Restart=always', 'RestartSec=1']);
    const child = `/bin/sh -c '${WEB} --port PORT --hang-on SIGUSR2 --ignore-term; true'`;
    const busy = child.replace("'", "'sleep 4242 & ");
    await unit(ada, 'hung', ['Restart=always', 'RestartSec=1', 'KillMode=process'], busy);
    const hangs = `${WEB} --port PORT --hang-on SIGUSR2`;
    await unit(ada, 'forky', ['Type=forking', 'GuessMainPID=no', 'Restart=no'], `${hangs} --daemonise`);
    await unit(ada, 'bunch', ['Restart=always', 'RestartSec=1'], '/bin/bash /out/bunch.sh PORT');
    writeFileSync(join(box.out, 'bunch.sh'), `${hangs.replace('PORT', '$1')} &\n${WEB} --port 8999 &\nwait\n`);
    const rude = `${WEB} --port PORT --term-exit 1`;
    await unit(ada, 'rude', ['Restart=always', 'RestartSec=100ms'], rude);
    await unit(ada, 'delayed', ['Restart=always', 'RestartSec=60', '[Install]', 'WantedBy=default.target'], rude);
    await unit(ada, 'stubborn', ['Restart=no', 'TimeoutStopSec=1'], `${WEB} --port PORT --ignore-term`);
    await systemctl(ada, 'enable', 'delayed');
    await unit(ada, 'failed', ['Restart=no']);
    const limit = ['Restart=always', 'RestartSec=100ms', 'ExecStartPre=/usr/bin/test ! -e /out/broken'];
    await unit(ada, 'limit', limit);
    await unit(ada, 'loop', ['Restart=always', 'RestartSec=1', 'KillMode=process', 'StartLimitIntervalSec=0'], child);
    const spawns = `require('child_process').spawn('node', ['${FIXTURE}', '--port', 'PORT'], { cwd: '/home/ada' })`;
    await unit(ada, 'keeper', [], `/usr/local/bin/node -e "${spawns}; setInterval(() => {}, 1e6)"`);
    const lines = `/bin/sh -c 'echo "no disk at /srv" >&2; exit 7'`;
    await unit(ada, 'words', ['Restart=no'], lines);
    await unit(root, 'whole', ['Restart=no']);
    await unit(ada, 'theirs', ['Restart=no']);
    for (const name of [
      'always',
      'slow',
      'once',
      'found',
      'person',
      'rude',
      'delayed',
      'stubborn',
      'hung',
      'forky',
      'bunch',
      'failed',
      'loop',
      'keeper',
      'theirs',
      'words',
    ])
      await systemctl(ada, 'start', name);
    await systemctl(root, 'start', 'whole');
    // Before the daemon is there: one has failed, one was given up by systemd, and its cause is gone since.
    await kill(await mainPid(ada, 'failed'));
    writeFileSync(join(box.out, 'broken'), '');
    await systemctl(ada, 'start', 'limit');
    await eventually(
      'the limit',
      async () => (await show(ada, 'limit', 'ActiveState')) === 'failed' || undefined,
      20_000,
    );
    rmSync(join(box.out, 'broken'));
    const named = (name: string) => [name, { unit: `${name}.service` }] as const;
    const units = ['always', 'slow', 'once', 'person', 'hung', 'failed', 'limit', 'loop', 'words', 'forky'].map(named);
    const start = ['node', FIXTURE, '--port', String(ports.get('keeper'))];
    await daemon(ada, {
      ...Object.fromEntries(units),
      found: {},
      rude: {},
      delayed: {},
      stubborn: {},
      bunch: {},
      keeper: { start, cwd: '/home/ada' },
    });
    await daemon(root, { whole: { unit: 'whole.service' }, theirs: {} });
    const isWell = async (who: Who, name: string) => (await works(who, name)) === 'working' || undefined;
    for (const name of [
      'always',
      'slow',
      'once',
      'person',
      'rude',
      'delayed',
      'stubborn',
      'hung',
      'forky',
      'bunch',
      'found',
      'loop',
      'keeper',
    ])
      await eventually(`${name} works`, () => isWell(ada, name), 20_000);
    for (const name of ['whole', 'theirs']) await eventually(`${name} works`, () => isWell(root, name), 20_000);
  }, 90_000);
  afterAll(() => box?.down());

  it('brings up, through systemd, what had failed or was given up before the daemon started', async () => {
    for (const name of ['failed', 'limit']) {
      await expect.poll(() => works(ada, name), { timeout: 20_000 }).toBe('working');
      expect(await answers(name)).toBe(await mainPid(ada, name));
      expect((await view(ada, name)).owner).toBe(`systemd (user unit ${name}.service)`);
    }
  });

  it('tells what a unit that will not run printed last, as the journal has it', async () => {
    const told = await eventually('an alert', async () => {
      const { alerts } = JSON.parse((await ask(ada, '/api/v1/alerts')).stdout);
      return alerts.find(({ target }: { target: string }) => target === 'words');
    });
    expect(told.evidence).toContain('It ended with exit status 7.');
    expect(told.evidence.at(-1)).toBe('no disk at /srv');
  });

  it('leaves the restart to systemd, whatever its delay, and does nothing twice', async () => {
    await kill(await mainPid(ada, 'slow'));
    for (const restarts of ['1', '2', '3']) {
      await kill(await eventually('a main process', async () => (await mainPid(ada, 'always')) || undefined));
      await expect.poll(() => show(ada, 'always', 'NRestarts'), { timeout: 20_000 }).toBe(restarts);
    }
    await expect
      .poll(() => rulings(ada, 'slow'), { timeout: 10_000 })
      .toContain('was ended by SIGKILL and systemd restarts it after 10 s');
    await expect.poll(() => works(ada, 'always'), { timeout: 20_000 }).toBe('working');
    await expect.poll(() => works(ada, 'slow'), { timeout: 45_000 }).toBe('working');
    expect(await show(ada, 'slow', 'NRestarts')).toBe('1');
    expect(await show(ada, 'always', 'NRestarts')).toBe('3');
    for (const name of ['always', 'slow']) expect(await attemptsAt(ada, name)).toBe(0);
  }, 60_000);

  it('kills the main process of a unit that hangs, and then the orphan that kept its port', async () => {
    const orphan = await eventually('a holder', async () => (await answers('hung')) || undefined);
    const main = await mainPid(ada, 'hung');
    expect(orphan).not.toBe(main);
    const busy = Number((await box.exec(['pgrep', '--parent', String(main), 'sleep'])).stdout);
    await kill(orphan, 'USR2');
    // One that systemd knows no main process of, and one that its shell keeps beside another.
    const [forked, bunched, innocent] = [await holder('forky'), await holder('bunch'), await mainPid(ada, 'bunch')];
    for (const pid of [forked, bunched]) await kill(pid, 'USR2');
    await expect.poll(() => answers('hung'), { timeout: 40_000 }).toBeGreaterThan(orphan);
    expect(await lives(orphan)).toBe(false);
    await expect.poll(() => works(ada, 'hung'), { timeout: 20_000 }).toBe('working');
    expect(await attemptsAt(ada, 'hung')).toBe(1);
    expect(await lives(busy)).toBe(true);

    await expect.poll(() => answers('forky'), { timeout: 40_000 }).toBeGreaterThan(forked);
    await expect.poll(() => works(ada, 'forky'), { timeout: 20_000 }).toBe('working');
    await expect.poll(() => rulings(ada, 'bunch'), { timeout: 20_000 }).toContain('no start command or owner');
    expect([await holder('bunch'), await mainPid(ada, 'bunch')]).toEqual([bunched, innocent]);
  }, 60_000);

  it('ends a hung orphan that makes every restart of its unit fail', async () => {
    const orphan = await holder('loop');
    await kill(await mainPid(ada, 'loop'));
    await eventually('the unit loops', async () => Number(await show(ada, 'loop', 'NRestarts')) > 1 || undefined);
    expect(await answers('loop')).toBe(orphan);
    expect(await attemptsAt(ada, 'loop')).toBe(0);
    await kill(orphan, 'USR2');
    await expect.poll(() => answers('loop'), { timeout: 40_000 }).toBeGreaterThan(orphan);
    await expect.poll(() => works(ada, 'loop'), { timeout: 20_000 }).toBe('working');
    expect(await attemptsAt(ada, 'loop')).toBe(1);
  }, 60_000);

  it('takes no unit for the owner of what it only started: that one is ours to start', async () => {
    const main = await mainPid(ada, 'keeper');
    const before = await holder('keeper');
    expect((await box.exec(['cat', `/proc/${before}/cgroup`])).stdout).toContain('keeper.service');
    expect((await view(ada, 'keeper')).owner).toBeUndefined();
    await kill(before);
    await expect.poll(() => answers('keeper'), { timeout: 20_000 }).toBeGreaterThan(before);
    const { stdout } = await box.exec(['cat', `/proc/${await holder('keeper')}/cgroup`]);
    expect(stdout).toContain('jarvis-health-keeper.service');
    expect(await mainPid(ada, 'keeper')).toBe(main);
  });

  it('starts what has failed and is not restarted by itself, also where no config names its owner', async () => {
    for (const [who, name] of [
      [ada, 'once'],
      [ada, 'found'],
      [root, 'whole'],
      [root, 'theirs'],
    ] as const) {
      const unitOf = name === 'theirs' ? ada : who;
      const before = await mainPid(unitOf, name);
      await kill(before);
      await expect.poll(() => mainPid(unitOf, name), { timeout: 20_000 }).not.toBe(before);
      await expect.poll(() => attemptsAt(who, name), { timeout: 20_000 }).toBe(1);
      await expect.poll(() => works(who, name), { timeout: 20_000 }).toBe('working');
      expect(await answers(name)).toBe(await mainPid(unitOf, name));
      expect((await view(who, name)).owner).toContain(`unit ${name}.service`);
    }
  }, 60_000);

  it('leaves alone what a person has stopped, however badly it ended', async () => {
    await kill(await mainPid(ada, 'rude'));
    await expect.poll(() => show(ada, 'rude', 'NRestarts'), { timeout: 20_000 }).toBe('1');
    await expect.poll(() => works(ada, 'rude'), { timeout: 20_000 }).toBe('working');
    await kill(await mainPid(ada, 'delayed'));
    await expect.poll(() => show(ada, 'delayed', 'SubState')).toBe('auto-restart');
    for (const name of ['rude', 'delayed', 'stubborn']) await systemctl(ada, 'stop', name);
    for (const [name, result, says] of [
      ['rude', 'exit-code', 'rude.service was stopped by a person'],
      ['delayed', 'signal', 'delayed.service was stopped by a person'],
      ['stubborn', 'timeout', 'stubborn.service was stopped by a person'],
    ] as const) {
      expect(await show(ada, name, 'Result')).toBe(result);
      await expect.poll(() => rulings(ada, name), { timeout: 20_000 }).toContain(says);
      expect(await answers(name)).toBe(0);
      expect(await attemptsAt(ada, name)).toBe(0);
    }
  }, 60_000);

  it('leaves alone what a person has stopped, and starts it when a person asks', async () => {
    await systemctl(ada, 'stop', 'person');
    await expect
      .poll(() => rulings(ada, 'person'), { timeout: 20_000 })
      .toContain('person.service was stopped by a person');
    expect(await show(ada, 'person', 'ActiveState')).toBe('inactive');
    expect(await attemptsAt(ada, 'person')).toBe(0);
    await ask(ada, '/api/v1/targets/person/recover', {});
    await expect.poll(() => works(ada, 'person'), { timeout: 30_000 }).toBe('working');
    expect(await answers('person')).toBe(await mainPid(ada, 'person'));
  }, 60_000);
});
