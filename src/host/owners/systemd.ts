import type { Owner, OwnerSight } from '../../core/owner.ts';
import { kernelMonotonicMs } from '../clock.ts';
import { exec } from '../exec.ts';
import type { ExecOutcome } from '../hands.ts';
import { readTimespan } from './timespan.ts';
import { endOfUnit, isRestartedAfter, type UnitEnd } from './unit-end.ts';

type SystemdOwner = Extract<Owner, { kind: 'systemd' }>;

const PROPERTIES = [
  ...['LoadState', 'ActiveState', 'SubState', 'MainPID', 'Result', 'ExecMainCode', 'ExecMainStatus', 'Restart'],
  ...['NRestarts', 'RestartUSec', 'RestartUSecNext', 'TimeoutStartUSec', 'TimeoutStopUSec'],
  ...['StateChangeTimestampMonotonic', 'ActiveEnterTimestampMonotonic', 'ActiveExitTimestampMonotonic'],
  ...['ExecMainStartTimestampMonotonic', 'ExecMainExitTimestampMonotonic', 'InactiveExitTimestampMonotonic'],
  ...['StartLimitBurst', 'StartLimitIntervalUSec', 'RuntimeMaxUSec', 'RestartPreventExitStatus'],
];

/** How systemctl is called so that it speaks to the manager that has this unit. */
export function systemctl(owner: Pick<SystemdOwner, 'scope' | 'uid'>, words: readonly string[]) {
  const argv = ['systemctl', ...managerOf(owner), '--no-ask-password', ...words];
  return { argv, env: owner.scope === 'user' && owner.uid === undefined ? { XDG_RUNTIME_DIR: runtimeFolder() } : {} };
}

function managerOf({ scope, uid }: Pick<SystemdOwner, 'scope' | 'uid'>): readonly string[] {
  if (scope === 'system') return [];
  return uid === undefined ? ['--user'] : ['--user', `--machine=${uid}@.host`];
}

function runtimeFolder(): string {
  return process.env['XDG_RUNTIME_DIR'] ?? `/run/user/${process.getuid?.() ?? ''}`;
}

/** One call, 5–15 ms. */
export async function askSystemd(owner: SystemdOwner, timeoutMs: number): Promise<OwnerSight | ExecOutcome> {
  const { argv, env } = systemctl(owner, ['show', `--property=${PROPERTIES.join(',')}`, owner.unit]);
  const answer = await exec(argv, { env, timeoutMs });
  return answer.ok ? readUnit(answer.stdout, owner.unit, kernelMonotonicMs()) : answer;
}

let version: Promise<number> | undefined;

/** 252, for example; 0 when it does not say. */
export function systemdVersion(): Promise<number> {
  version ??= exec(['systemctl', '--version'], { timeoutMs: 5_000 }).then(({ stdout }) =>
    Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0),
  );
  return version;
}

/** What `systemctl show` printed of one service. `nowMs` is the kernel's monotonic clock, which systemd stamps with. */
export function readUnit(text: string, unit: string, nowMs: number): OwnerSight {
  const properties = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const get = (name: string): string => properties.get(name) ?? '';
  const seen = stateOf(get('LoadState'), get('ActiveState'), get('SubState'));
  const end = seen === 'failed' ? endOfUnit(get) : undefined;
  const isStopped = end === 'stopped' || end === 'not-restarted';
  const state = isStopped ? 'stopped' : seen;
  const exit = exitOf(get('ExecMainCode'), Number(get('ExecMainStatus')));
  const restartsItself = !['', 'no'].includes(get('Restart'));
  const startLimitHit = end === 'given-up';
  const changedMs = Number(get('StateChangeTimestampMonotonic')) / 1_000;
  const delayMs = readTimespan(get('RestartUSecNext')) ?? readTimespan(get('RestartUSec')) ?? 0;
  const masked = get('LoadState') === 'masked';
  return {
    state,
    mainPid: Number(get('MainPID')) || undefined,
    restartsItself,
    actsWithinMs: state === 'restarting' ? Math.max(0, Math.round(changedMs + delayMs - nowMs)) : undefined,
    // Of what has run and is loaded, systemd calls nothing `inactive` that ended badly: also what is stopped in its delay.
    stoppedByPerson: state === 'stopped',
    startLimitHit,
    ...(state === 'running' ? { exitCode: undefined, signal: undefined } : exit),
    ...(state !== 'running' && get('Result') === 'oom-kill' ? { outOfMemory: true } : {}),
    startTimeoutMs: readTimespan(get('TimeoutStartUSec')),
    stopTimeoutMs: readTimespan(get('TimeoutStopUSec')),
    says: `${unit} ${wordsOf({ state, masked, get, exit, delayMs, end })}`,
  };
}

function stateOf(load: string, active: string, sub: string): OwnerSight['state'] {
  switch (active) {
    case 'active':
    case 'reloading':
    case 'refreshing':
      return 'running';
    case 'activating':
      return sub.startsWith('auto-restart') ? 'restarting' : 'starting';
    case 'deactivating':
      return 'stopping';
    case 'failed':
      return load === 'not-found' ? 'missing' : 'failed';
    default:
      return load === 'loaded' || load === 'masked' ? 'stopped' : 'missing';
  }
}

/** `ExecMainCode` is si_code of waitid(2): 1 exited, 2 killed, 3 dumped. */
function exitOf(code: string, status: number): Pick<OwnerSight, 'exitCode' | 'signal'> {
  if (code === '1') return { exitCode: status, signal: undefined };
  if (code === '2' || code === '3') return { exitCode: undefined, signal: signalName(status) };
  return { exitCode: undefined, signal: undefined };
}

const SIGNALS: Readonly<Record<number, string>> = {
  ...{ 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 7: 'SIGBUS', 8: 'SIGFPE', 9: 'SIGKILL' },
  ...{ 11: 'SIGSEGV', 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' },
};

function signalName(number: number): string {
  return SIGNALS[number] ?? `signal ${number}`;
}

type Words = {
  readonly state: OwnerSight['state'];
  readonly masked: boolean;
  readonly get: (name: string) => string;
  readonly exit: Pick<OwnerSight, 'exitCode' | 'signal'>;
  readonly delayMs: number;
  readonly end: UnitEnd | undefined;
};

function wordsOf({ state, masked, get, exit, delayMs, end }: Words): string {
  switch (state) {
    case 'running':
      return get('SubState') === 'exited' ? 'is active and has no process' : 'is running';
    case 'starting':
      return 'is starting';
    case 'restarting':
      return `${endOf(exit, get('Result'))} and systemd restarts it ${delayMs < 1_000 ? 'at once' : `after ${Math.round(delayMs / 1_000)} s`}`;
    case 'stopping':
      return 'is stopping';
    case 'stopped':
      if (end === 'not-restarted')
        return `${endOf(exit, get('Result'))} and is not restarted by systemd, as if a person had stopped it`;
      return end === 'stopped' ? 'was stopped by a person' : stopWords(masked, get);
    case 'failed':
      return end === 'given-up'
        ? `${endOf(exit, '')} too often and was given up by systemd`
        : endOf(exit, get('Result'));
    case 'missing':
      return 'does not exist';
  }
}

function stopWords(masked: boolean, get: (name: string) => string): string {
  if (masked) return 'is masked';
  // systemd forgets a unit that is stopped and wanted by none, and with it that it ever ran.
  if (get('ActiveEnterTimestampMonotonic') === '0') return 'was stopped by a person, or never started';
  if (get('Result') === 'exec-condition') return RESULTS['exec-condition'] ?? '';
  // What systemd would restart and did not, somebody has stopped (systemd.service(5)).
  return isRestartedAfter(get) ? 'was stopped by a person' : 'was stopped by a person, or had done its work';
}

/** systemd.exec(5): results that say more than the status of the process. */
const RESULTS: Readonly<Record<string, string>> = {
  'oom-kill': 'was killed because memory ran out',
  watchdog: 'missed its watchdog',
  timeout: 'took too long to start or stop',
  resources: 'could not be run: systemd lacked something for it',
  protocol: 'did not keep its protocol with systemd',
  'exec-condition': 'was not run: a condition of it does not hold',
};

function endOf({ exitCode, signal }: Pick<OwnerSight, 'exitCode' | 'signal'>, result: string): string {
  const special = RESULTS[result];
  if (special !== undefined) return special;
  if (signal !== undefined) return `was ended by ${signal}`;
  return exitCode === undefined || (exitCode === 0 && result !== '') ? 'failed' : `failed with status ${exitCode}`;
}
