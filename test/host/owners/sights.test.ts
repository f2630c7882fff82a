import { describe, expect, it, test } from 'vitest';
import type { OwnerSight } from '../../../src/core/owner.ts';
import { readContainer } from '../../../src/host/owners/containers.ts';
import { isDisabled, readJob, readJobList } from '../../../src/host/owners/launchd.ts';
import { readPm2List } from '../../../src/host/owners/pm2.ts';
import { readUnit } from '../../../src/host/owners/systemd.ts';

type Seen = Partial<OwnerSight>;

function stamps(at: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(at).map(([name, us]) => [`${name}TimestampMonotonic`, String(us)]));
}

describe('what systemctl shows of a unit', () => {
  const loaded = {
    LoadState: 'loaded',
    Restart: 'always',
    RestartUSec: '5s',
    TimeoutStopUSec: '1min 30s',
    Result: 'success',
    ExecMainCode: '0',
    ExecMainStatus: '0',
    MainPID: '0',
    StartLimitBurst: '5',
    StartLimitIntervalUSec: '10s',
    RuntimeMaxUSec: 'infinity',
    StateChangeTimestampMonotonic: '60000000',
    ...stamps({ ExecMainStart: 1_000_000, InactiveExit: 1_000_300, ActiveEnter: 1_000_300 }),
  };
  // As systemd 252 stamped them, in µs.
  const crashed = { ActiveState: 'failed', ...stamps({ ExecMainExit: 59_000_000, ActiveExit: 59_000_200 }) };
  const stopped = { ActiveState: 'failed', ...stamps({ ActiveExit: 58_991_700, ExecMainExit: 59_000_000 }) };
  const startFailed = { ...crashed, ...stamps({ InactiveExit: 59_500_000, ExecMainStart: 59_500_300 }) };
  const exit1 = { Result: 'exit-code', ExecMainCode: '1', ExecMainStatus: '1' };
  const givenUp = 'hub.service failed with status 1 too often and was given up by systemd';
  const show = (properties: Record<string, string>): OwnerSight => {
    const lines = Object.entries({ ...loaded, ...properties }).map(([name, value]) => `${name}=${value}`);
    return readUnit(`${lines.join('\n')}\n`, 'hub.service', 62_000);
  };

  it.each<[Record<string, string>, Seen]>([
    [
      { ActiveState: 'active', SubState: 'running', MainPID: '812' },
      { state: 'running', mainPid: 812, restartsItself: true, says: 'hub.service is running', stopTimeoutMs: 90_000 },
    ],
    [
      { ActiveState: 'activating', SubState: 'auto-restart', Result: 'signal', ExecMainCode: '2', ExecMainStatus: '9' },
      { state: 'restarting', actsWithinMs: 3_000, signal: 'SIGKILL' },
    ],
    [
      { ActiveState: 'activating', SubState: 'auto-restart', RestartUSecNext: '20s' },
      { state: 'restarting', actsWithinMs: 18_000 },
    ],
    [
      { ActiveState: 'inactive', Restart: 'no', Result: 'exec-condition' },
      {
        ...{ state: 'stopped', stoppedByPerson: true },
        says: 'hub.service was not run: a condition of it does not hold',
      },
    ],
    [
      { ActiveState: 'activating', SubState: 'start', MainPID: '9' },
      { state: 'starting', mainPid: 9 },
    ],
    [{ ActiveState: 'deactivating', SubState: 'stop-sigterm', MainPID: '9' }, { state: 'stopping' }],
    [
      { ActiveState: 'inactive', SubState: 'dead', ExecMainCode: '2', ExecMainStatus: '15' },
      { state: 'stopped', stoppedByPerson: true, says: 'hub.service was stopped by a person' },
    ],
    [
      { ActiveState: 'inactive', Restart: 'on-failure' },
      { stoppedByPerson: true, says: 'hub.service was stopped by a person, or had done its work' },
    ],
    [
      { ActiveState: 'inactive', ActiveEnterTimestampMonotonic: '0' },
      { stoppedByPerson: true, says: 'hub.service was stopped by a person, or never started' },
    ],
    [
      { ActiveState: 'inactive', LoadState: 'masked' },
      { state: 'stopped', says: 'hub.service is masked' },
    ],
    [
      { ActiveState: 'inactive', LoadState: 'not-found' },
      { state: 'missing', stoppedByPerson: false },
    ],
    [{ ActiveState: 'active', SubState: 'running', LoadState: 'not-found', MainPID: '7' }, { state: 'running' }],
    [
      { ...crashed, ...exit1, ExecMainStatus: '78', RestartPreventExitStatus: '78 HUP' },
      { state: 'failed', exitCode: 78, startLimitHit: false, says: 'hub.service failed with status 78' },
    ],
    [
      { ...crashed, Restart: 'no', Result: 'oom-kill', ExecMainCode: '2', ExecMainStatus: '9' },
      { state: 'failed', outOfMemory: true, says: 'hub.service was killed because memory ran out' },
    ],
  ])('%j', (properties, sight) => expect(show(properties)).toMatchObject(sight));

  const byPerson: Seen = { state: 'stopped', stoppedByPerson: true, says: 'hub.service was stopped by a person' };
  it.each<[string, Record<string, string>, Seen]>([
    ['ends badly', { ...stopped, ...exit1 }, byPerson],
    ['ends badly, and has nobody who restarts it', { ...stopped, ...exit1, Restart: 'no' }, byPerson],
    ['ends badly, and was restarted long before', { ...stopped, ...exit1, NRestarts: '7' }, byPerson],
    ['has to be killed', { ...stopped, Result: 'timeout', ExecMainCode: '2', ExecMainStatus: '9' }, byPerson],
    [
      'has no main process',
      { ...stopped, Result: 'timeout', ...stamps({ ExecMainStart: 0, ExecMainExit: 0 }) },
      byPerson,
    ],
    ['had done its work', { ...stopped, Result: 'exit-code', ...stamps({ ExecMainExit: 1_000_200 }) }, byPerson],
    ['waits to be restarted', { ...crashed, ...exit1, ActiveState: 'inactive' }, byPerson],
    [
      'waits, and is restarted for failures only',
      { ActiveState: 'inactive', Restart: 'on-failure', ...exit1 },
      byPerson,
    ],
    [
      'is starting',
      { ...startFailed, ...exit1, ...stamps({ ExecMainExit: 59_900_000 }) },
      {
        ...byPerson,
        says: 'hub.service failed with status 1 and is not restarted by systemd, as if a person had stopped it',
      },
    ],
    [
      'is starting, with a delay too long for any limit',
      { ...startFailed, ...exit1, ...stamps({ ExecMainExit: 59_900_000 }), NRestarts: '40' },
      { state: 'stopped', stoppedByPerson: true },
    ],
  ])('a person stops what %s', (_, properties, sight) => expect(show(properties)).toMatchObject(sight));

  it.each<[string, Record<string, string>, Seen]>([
    ['crashes', { ...crashed, ...exit1, Restart: 'no' }, { state: 'failed', stoppedByPerson: false, exitCode: 1 }],
    ['misses its watchdog', { ...stopped, Result: 'watchdog' }, { state: 'failed', stoppedByPerson: false }],
    ['runs out of memory', { ...stopped, Result: 'oom-kill' }, { state: 'failed', stoppedByPerson: false }],
    ['has run its time', { ...stopped, Restart: 'no', Result: 'timeout', RuntimeMaxUSec: '57s' }, { state: 'failed' }],
    ['cannot start', { ...startFailed, ...exit1, Restart: 'no' }, { state: 'failed', stoppedByPerson: false }],
    [
      'cannot start, and is restarted after other ends',
      { ...startFailed, ...exit1, Restart: 'on-abort' },
      { state: 'failed' },
    ],
    [
      'must not be restarted',
      { ...startFailed, ...exit1, ExecMainStatus: '78', RestartPreventExitStatus: '78' },
      { state: 'failed', exitCode: 78, startLimitHit: false },
    ],
  ])('what %s was stopped by nobody', (_, properties, sight) => expect(show(properties)).toMatchObject(sight));

  it.each<[string, Record<string, string>]>([
    ['before it ran', { ...crashed, ...exit1, Result: 'start-limit-hit' }],
    ['in its delay', { ...crashed, ...exit1, ...stamps({ InactiveExit: 59_000_500 }), NRestarts: '2' }],
    [
      'while it starts',
      { ...startFailed, ...exit1, ...stamps({ ExecMainExit: 59_900_000, InactiveExit: 59_900_400 }) },
    ],
    [
      'before its main process',
      {
        ...crashed,
        ...exit1,
        RestartUSec: '50ms',
        NRestarts: '5',
        ...stamps({ ExecMainStart: 0, ExecMainExit: 0, InactiveExit: 59_500_000 }),
      },
    ],
  ])('systemd gives up what ends %s', (_, properties) => {
    expect(show(properties)).toMatchObject({ state: 'failed', stoppedByPerson: false, startLimitHit: true });
    if (properties['ExecMainStatus'] === '1') expect(show(properties).says).toBe(givenUp);
  });
});

describe('what pm2 lists', () => {
  const list = (env: object, pid = 0) =>
    `>>>> In-memory PM2 is out-of-date\n${JSON.stringify([
      { name: 'other', pm_id: 0, pid: 5, pm2_env: { status: 'online' } },
      { name: 'hub', pm_id: 3, pid, pm2_env: { autorestart: true, ...env } },
    ])}\n`;

  it.each<[object, number, Seen]>([
    [{ status: 'online' }, 812, { state: 'running', mainPid: 812 }],
    [{ status: 'stopped', exit_code: 0 }, 0, { state: 'stopped', stoppedByPerson: true }],
    [
      { status: 'stopped', exit_code: 1, autorestart: false },
      0,
      {
        ...{ state: 'stopped', stoppedByPerson: true },
        says: 'hub was stopped by a person, or ended with status 1 (it has no autorestart)',
      },
    ],
    [{ status: 'errored', exit_code: 1 }, 0, { state: 'failed', startLimitHit: true }],
    [{ status: 'waiting restart', restart_delay: 4_000 }, 0, { state: 'restarting', actsWithinMs: 4_000 }],
    [{ status: 'stopping' }, 812, { state: 'stopping' }],
  ])('%j', (env, pid, sight) => {
    expect(readPm2List(list(env, pid), { kind: 'pm2', name: 'hub', id: 3 })).toMatchObject(sight);
  });

  it('one of several of its name is known by its number', () => {
    const all = JSON.stringify(
      [1, 2].map((id) => ({ name: 'hub', pm_id: id, pid: id, pm2_env: { status: 'online' } })),
    );
    const pidOf = (id?: number) => readPm2List(all, { kind: 'pm2', name: 'hub', id }).mainPid;
    expect([pidOf(), pidOf(1), pidOf(2), pidOf(3)]).toEqual([1, 1, 2, 1]);
  });

  it('what is deleted from the list was deleted by a person', () => {
    const gone = readPm2List('[]', { kind: 'pm2', name: 'hub' });
    expect(gone).toMatchObject({ state: 'missing', stoppedByPerson: true, says: 'hub is not in the list of pm2' });
  });
});

describe('what an engine inspects', () => {
  const inspect = (state: object, policy = 'no') => {
    const [Name = '', most = 0, restarts = 0] = policy.split(' ');
    const RestartPolicy = { Name, MaximumRetryCount: Number(most) };
    const shown = { Id: 'c0ffee', Name: '/hub', State: state, HostConfig: { RestartPolicy }, Config: {} };
    return JSON.stringify([{ ...shown, RestartCount: Number(restarts) }]);
  };

  it.each<[object, string, Seen]>([
    [{ Status: 'running', Pid: 1 }, 'no', { state: 'running', mainPid: undefined }],
    // A number on another machine, which a process of ours has here.
    [{ Status: 'running', Pid: process.pid }, 'no', { state: 'running', mainPid: undefined }],
    [{ Status: 'exited', ExitCode: 0 }, 'no', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'exited', ExitCode: 143 }, 'no', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'exited', ExitCode: 137 }, 'always', { state: 'stopped', stoppedByPerson: true, restartsItself: true }],
    [
      { Status: 'exited', ExitCode: 137 },
      'no',
      {
        ...{ state: 'stopped', stoppedByPerson: true },
        says: 'container hub was killed, probably because a person stopped it',
      },
    ],
    [{ Status: 'exited', ExitCode: 130 }, 'no', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'exited', ExitCode: 137, OOMKilled: true }, 'no', { state: 'failed', outOfMemory: true }],
    [{ Status: 'exited', ExitCode: 1 }, 'on-failure', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'exited', ExitCode: 1 }, 'on-failure 3 2', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'exited', ExitCode: 1 }, 'on-failure 3 3', { state: 'failed', startLimitHit: true }],
    [{ Status: 'exited', ExitCode: 0 }, 'on-failure 3 3', { state: 'stopped', startLimitHit: false }],
    [{ Status: 'exited', ExitCode: 137, OOMKilled: true }, 'always', { state: 'failed', stoppedByPerson: false }],
    [{ Status: 'exited', ExitCode: 127, Error: 'port is allocated' }, 'unless-stopped', { state: 'failed' }],
    [{ Status: 'exited', ExitCode: 1 }, 'no', { state: 'failed', says: 'container hub ended with status 1' }],
    [{ Status: 'paused' }, 'always', { state: 'stopped', stoppedByPerson: true, says: 'container hub is paused' }],
    [{ Status: 'restarting', ExitCode: 1 }, 'always', { state: 'restarting' }],
    [{ Status: 'created' }, 'no', { state: 'stopped', stoppedByPerson: true }],
    [{ Status: 'dead' }, 'no', { state: 'failed' }],
  ])('%j under policy %s', (state, policy, sight) => {
    const owner = { kind: 'container', engine: 'docker', name: 'hub' } as const;
    expect(readContainer(inspect(state, policy), owner)).toMatchObject(sight);
  });

  it('understands nothing but what it understands', () => {
    expect(readContainer('Cannot connect', { kind: 'container', engine: 'docker', name: 'hub' })).toBeUndefined();
  });
});

describe('what launchctl prints of a job', () => {
  const print = (lines: readonly string[]) => `gui/501/ai.example.hub = {\n\t${lines.join('\n\t')}\n}\n`;
  const kept = 'properties = keepalive | runatload';

  test.each<[readonly string[], Seen]>([
    [['state = running', 'pid = 812', kept], { state: 'running', mainPid: 812, restartsItself: true }],
    [
      ['state = spawn scheduled', 'minimum runtime = 30', 'last exit code = 1', kept],
      { state: 'restarting', actsWithinMs: 30_000, exitCode: 1 },
    ],
    [
      ['state = not running', 'last terminating signal = Killed: 9', kept],
      { state: 'restarting', actsWithinMs: 10_000, signal: 'Killed' },
    ],
    [['state = not running', 'last exit code = 0'], { state: 'stopped', stoppedByPerson: true }],
    [['state = not running', 'last terminating signal = Killed: 9'], { state: 'stopped', stoppedByPerson: true }],
    [['state = not running', 'last exit code = 143'], { state: 'stopped', stoppedByPerson: true }],
    [
      ['state = not running', 'last terminating signal = Terminated: 15'],
      {
        ...{ state: 'stopped', stoppedByPerson: true },
        says: 'ai.example.hub was ended by Terminated, probably because a person stopped it',
      },
    ],
    [
      ['state = not running', 'last terminating signal = Segmentation fault: 11'],
      { state: 'failed', stoppedByPerson: false },
    ],
    [['state = not running', 'last exit code = 78: EX_CONFIG'], { state: 'failed', exitCode: 78 }],
    [
      ['state = not running', 'last exit code = (never exited)'],
      { state: 'stopped', says: 'ai.example.hub was not started' },
    ],
    [['state = xpcproxy', 'exit timeout = 5'], { state: 'starting', stopTimeoutMs: 5_000 }],
  ])('%j', (lines, sight) => expect(readJob(print(lines), false, 'ai.example.hub')).toMatchObject(sight));

  it('a job that is disabled or booted out is left so', () => {
    const disabled = readJob(print(['state = not running', kept]), true, 'ai.example.hub');
    expect(disabled).toMatchObject({ state: 'stopped', stoppedByPerson: true, says: 'ai.example.hub is disabled' });
    expect(readJob(undefined, false, 'ai.example.hub')).toMatchObject({ state: 'missing', stoppedByPerson: true });
  });

  it('reads which jobs are disabled, in the words of old and new systems', () => {
    const text = 'disabled services = {\n\t"ai.example.hub" => disabled\n\t"old" => true\n\t"on" => enabled\n}\n';
    expect(['ai.example.hub', 'old', 'on', 'else'].map((label) => isDisabled(text, label))).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('knows running jobs by pid, and takes no opened app for one', () => {
    const list = 'PID\tStatus\tLabel\n812\t0\tai.example.hub\n-\t0\tidle\n9\t0\tapplication.com.apple.Terminal.1\n';
    expect([...readJobList(list)]).toEqual([[812, 'ai.example.hub']]);
  });
});
