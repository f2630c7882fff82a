import type { Owner, OwnerSight } from '../../core/owner.ts';
import { exec } from '../exec.ts';
import type { ExecOutcome } from '../hands.ts';

type LaunchdOwner = Extract<Owner, { kind: 'launchd' }>;

/** launchctl(1): ESRCH-like statuses for a service or a domain that is not there. */
const NOT_FOUND = [3, 112, 113, 125];

export function launchdRef({ domain, label }: LaunchdOwner): string {
  return `${domain}/${label}`;
}

export async function askLaunchd(owner: LaunchdOwner, timeoutMs: number): Promise<OwnerSight | ExecOutcome> {
  const printed = await exec(['launchctl', 'print', launchdRef(owner)], { timeoutMs });
  const isMissing =
    !printed.ok &&
    printed.exitCode !== undefined &&
    (NOT_FOUND.includes(printed.exitCode) || /could not find/i.test(printed.stderr));
  if (!printed.ok && !isMissing) return printed;
  const disabled = await exec(['launchctl', 'print-disabled', owner.domain], { timeoutMs });
  return readJob(printed.ok ? printed.stdout : undefined, isDisabled(disabled.stdout, owner.label), owner.label);
}

/** Newer systems print `"label" => disabled`, older ones `"label" => true`. */
export function isDisabled(text: string, label: string): boolean {
  return text.split('\n').some((line) => {
    const [, name, word] = /^\s*"(.+)" => (\w+)/.exec(line) ?? [];
    return name === label && (word === 'disabled' || word === 'true');
  });
}

/** HUP, INT, KILL, TERM and a good end: `launchctl stop` sends TERM, and KILL to what does not heed it. */
const ENDED_AS_TOLD: readonly number[] = [0, 129, 130, 137, 143];
const STOP_SIGNAL = /^(Hangup|Interrupt|Killed|Terminated)/;

/** ThrottleInterval where a job names none (launchd.plist(5)). */
const THROTTLE_MS = 10_000;

/**
 * What `launchctl print DOMAIN/LABEL` printed, `undefined` when the job is not loaded. The format is for people and is
 * promised by nobody, so whatever is not found there is taken as unknown.
 */
export function readJob(text: string | undefined, disabled: boolean, label: string): OwnerSight {
  const get = (key: string): string | undefined =>
    text === undefined ? undefined : new RegExp(`^\\t?[ ]*${key} = (.*)$`, 'm').exec(text)?.[1]?.trim();
  const pid = Number(get('pid') ?? 0) || undefined;
  const keptAlive = /\bkeepalive\b/i.test(get('properties') ?? '') || /^\s*keepalive = 1/im.test(text ?? '');
  const throttleMs = (secondsIn(get('minimum runtime')) ?? THROTTLE_MS / 1_000) * 1_000;
  const exitCode = /^-?\d+/.exec(get('last exit code') ?? '')?.[0];
  const signal = get('last terminating signal');
  const exit = {
    exitCode: exitCode === undefined || signal !== undefined ? undefined : Number(exitCode),
    signal: signal === undefined ? undefined : (/^[^:]+/.exec(signal)?.[0] ?? signal),
  };
  const endedAsTold =
    exit.signal === undefined ? ENDED_AS_TOLD.includes(exit.exitCode ?? 0) : STOP_SIGNAL.test(exit.signal);
  const state = stateOf({ text, pid, word: get('state') ?? '', disabled, keptAlive, endedAsTold });
  return {
    state,
    mainPid: pid,
    restartsItself: keptAlive,
    actsWithinMs: state === 'restarting' ? throttleMs : undefined,
    stoppedByPerson: state === 'stopped' || state === 'missing',
    startLimitHit: false,
    ...(state === 'running' ? { exitCode: undefined, signal: undefined } : exit),
    startTimeoutMs: undefined,
    stopTimeoutMs: (secondsIn(get('exit timeout')) ?? 20) * 1_000,
    says: `${label} ${wordsOf(state, { disabled, exit, never: exitCode === undefined && signal === undefined, throttleMs })}`,
  };
}

function stateOf(seen: {
  readonly text: string | undefined;
  readonly pid: number | undefined;
  readonly word: string;
  readonly disabled: boolean;
  readonly keptAlive: boolean;
  readonly endedAsTold: boolean;
}): OwnerSight['state'] {
  if (seen.text === undefined) return seen.disabled ? 'stopped' : 'missing';
  if (seen.pid !== undefined) return /stopp|exit|kill/i.test(seen.word) ? 'stopping' : 'running';
  if (seen.disabled) return 'stopped';
  if (/xpcproxy|starting/i.test(seen.word)) return 'starting';
  if (/spawn scheduled/i.test(seen.word) || seen.keptAlive) return 'restarting';
  return seen.endedAsTold ? 'stopped' : 'failed';
}

function wordsOf(
  state: OwnerSight['state'],
  seen: {
    readonly disabled: boolean;
    readonly exit: Pick<OwnerSight, 'exitCode' | 'signal'>;
    readonly never: boolean;
    readonly throttleMs: number;
  },
): string {
  const { exitCode, signal } = seen.exit;
  const ended = signal !== undefined ? `was ended by ${signal}` : `failed with status ${exitCode ?? '?'}`;
  switch (state) {
    case 'missing':
      return 'is not loaded (it was booted out, or never installed)';
    case 'stopped':
      return seen.disabled
        ? 'is disabled'
        : seen.never
          ? 'was not started'
          : (exitCode ?? 0) === 0 && signal === undefined
            ? 'had done its work, or was stopped by a person'
            : `${ended}, probably because a person stopped it`;
    case 'failed':
      return ended;
    case 'restarting':
      return `${seen.never || exitCode === 0 ? 'ended' : ended} and launchd restarts it within ${Math.round(seen.throttleMs / 1_000)} s`;
    default:
      return `is ${state}`;
  }
}

function secondsIn(text: string | undefined): number | undefined {
  const number = /^\d+/.exec(text ?? '')?.[0];
  return number === undefined ? undefined : Number(number);
}

/** Labels of running jobs by pid, of the domain the caller is in. About 10 ms. */
export async function jobsByPid(timeoutMs: number): Promise<ReadonlyMap<number, string>> {
  const { stdout } = await exec(['launchctl', 'list'], { timeoutMs, maxBytes: 1_024 * 1_024 });
  return readJobList(stdout);
}

/** Lines `PID\tSTATUS\tLABEL`; apps that a person opened have jobs of their own, which launchd does not restart. */
export function readJobList(text: string): ReadonlyMap<number, string> {
  const jobs = text.split('\n').flatMap((line): [number, string][] => {
    const [pid, , label] = line.split('\t');
    const isApp = label === undefined || /^(application\.|com\.apple\.)/.test(label);
    return isApp || !/^\d+$/.test(pid ?? '') ? [] : [[Number(pid), label.trim()]];
  });
  return new Map(jobs);
}

/** The domain in which a job of ours is: a login's own, or the system's for root (launchctl(1)). */
export function ownDomain(uid = process.getuid?.() ?? 0): string {
  return uid === 0 ? 'system' : `gui/${uid}`;
}
