import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Owner, OwnerSight } from '../../core/owner.ts';
import { exec } from '../exec.ts';
import type { ExecOutcome } from '../hands.ts';
import { type ProcessFacts, readProcess } from '../processes.ts';
import { readEnvironLinux } from '../processes-linux.ts';
import { field, numberOf, textOf } from './json-fields.ts';

type Pm2Owner = Extract<Owner, { kind: 'pm2' }>;

/** The title pm2's own daemon gives itself; its home folder is in it. */
const DAEMON = /^PM2 .*God Daemon \((.+)\)$/;

/** The home folder when this process is pm2's daemon. */
export function pm2HomeOf(facts: Pick<ProcessFacts, 'argv'>): string | undefined {
  return DAEMON.exec(facts.argv.join(' ').trim())?.[1];
}

export function pm2Home({ home }: Pm2Owner): string {
  return home ?? process.env['PM2_HOME'] ?? join(homedir(), '.pm2');
}

/** How pm2 names one process in its commands: by number, for names may be shared. */
export function pm2Ref({ id, name }: Pm2Owner): string {
  return id === undefined ? name : String(id);
}

/** 150–300 ms. Where its daemon does not run nothing is called: every pm2 command would start an empty one. */
export async function askPm2(owner: Pm2Owner, timeoutMs: number): Promise<OwnerSight | ExecOutcome> {
  const home = pm2Home(owner);
  if (!(await isDaemonThere(home))) return { ...nothing, state: 'missing', says: `pm2 does not run in ${home}` };
  const argv = ['pm2', 'jlist', '--silent'];
  const answer = await exec(argv, { timeoutMs, maxBytes: 16 * 1_024 * 1_024, env: pm2Environment(home) });
  return answer.ok ? readPm2List(answer.stdout, owner) : answer;
}

export function pm2Environment(home: string): Record<string, string> {
  return { PM2_HOME: home, PM2_DISABLE_VERSION_CHECK: 'true', NO_COLOR: '1' };
}

async function isDaemonThere(home: string): Promise<boolean> {
  try {
    const facts = await readProcess(Number(readFileSync(join(home, 'pm2.pid'), 'utf8').trim()));
    return facts !== undefined && (pm2HomeOf(facts) !== undefined || /pm2/i.test(facts.command));
  } catch {
    return false;
  }
}

const nothing = {
  mainPid: undefined,
  restartsItself: true,
  actsWithinMs: undefined,
  stoppedByPerson: false,
  startLimitHit: false,
  exitCode: undefined,
  signal: undefined,
  startTimeoutMs: undefined,
  stopTimeoutMs: undefined,
};

/** What `pm2 jlist` prints; before the list it may print news of its own. */
export function readPm2List(text: string, owner: Pm2Owner): OwnerSight {
  const all = listIn(text).filter((one) => field(one, 'name') === owner.name);
  const one = all.find((each) => numberOf(field(each, 'pm_id')) === owner.id) ?? all[0];
  const env = field(one, 'pm2_env');
  const word = textOf(field(env, 'status')) ?? '';
  const exitCode = numberOf(field(env, 'exit_code'));
  const restartsItself = field(env, 'autorestart') !== false;
  // Without autorestart pm2 says `stopped` of a stop and of an end alike (7.0.4): then it was a person.
  const state = one === undefined ? 'missing' : (STATES[word] ?? 'stopped');
  const delayMs = numberOf(field(env, 'prev_restart_delay')) || numberOf(field(env, 'restart_delay')) || 0;
  return {
    ...nothing,
    state,
    mainPid: state === 'running' || state === 'starting' ? numberOf(field(one, 'pid')) || undefined : undefined,
    restartsItself,
    actsWithinMs: state === 'restarting' ? delayMs : undefined,
    stoppedByPerson: state === 'stopped' || state === 'missing',
    startLimitHit: word === 'errored',
    exitCode: state === 'running' ? undefined : exitCode,
    stopTimeoutMs: numberOf(field(env, 'kill_timeout')) ?? 1_600,
    says: `${owner.name} ${wordsOf(state, word, exitCode, restartsItself)}`,
  };
}

const STATES: Readonly<Record<string, OwnerSight['state']>> = {
  online: 'running',
  'one-launch-status': 'running',
  launching: 'starting',
  'waiting restart': 'restarting',
  stopping: 'stopping',
  stopped: 'stopped',
  errored: 'failed',
};

function wordsOf(
  state: OwnerSight['state'],
  word: string,
  exitCode: number | undefined,
  restartsItself: boolean,
): string {
  const status = exitCode === undefined ? '' : ` with status ${exitCode}`;
  if (word === 'errored') return `failed${status} too often and was given up by pm2`;
  switch (state) {
    case 'missing':
      return 'is not in the list of pm2';
    case 'stopped':
      return restartsItself
        ? 'was stopped by a person'
        : `was stopped by a person, or ended${status} (it has no autorestart)`;
    case 'failed':
      return `failed${status}`;
    case 'restarting':
      return `ended${status} and waits to be restarted by pm2`;
    default:
      return `is ${state}`;
  }
}

function listIn(text: string): readonly unknown[] {
  const from = text.search(/^\[/m);
  try {
    const parsed: unknown = from < 0 ? [] : JSON.parse(text.slice(from, text.lastIndexOf(']') + 1));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** Who a process that pm2's daemon started is to pm2. In cluster mode its whole description is one variable. */
export function pm2NameOf(pid: number, home: string): Pm2Owner | undefined {
  const entries = new Map(
    readEnvironLinux(pid).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  const described = parsed(entries.get('pm2_env') ?? '');
  const name = textOf(field(described, 'name')) ?? entries.get('name');
  const id = numberOf(field(described, 'pm_id')) ?? Number(entries.get('pm_id') ?? Number.NaN);
  return name === undefined || !Number.isInteger(id) ? undefined : { kind: 'pm2', name, id, home };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
