import { readFileSync } from 'node:fs';
import { codeOf } from '../host/error-code.ts';
import type { ExecOutcome } from '../host/hands.ts';
import type { Command } from './command.ts';
import { type Place, systemctl } from './place.ts';
import { readUnit } from './render.ts';

/** Runs a command in the environment in which the supervisor is found. Never rejects. */
export type RunCommand = (argv: readonly string[], timeoutMs?: number) => Promise<ExecOutcome>;

/** What is known of an installation. Nothing is changed by looking. */
export type Sight = {
  /** The file's text; `undefined`: not installed. */
  readonly text: string | undefined;
  /** What the file runs; `undefined` when it is none of ours. */
  readonly command: Command | undefined;
  /** Whether systemd or launchd answers at all. */
  readonly answers: boolean;
  readonly atBoot: boolean;
  /** In force: it runs, starts, or is about to be started again. On macOS: it is loaded. */
  readonly active: boolean;
  /** It was told to run, and gave up or was refused. */
  readonly failed: boolean;
  readonly mainPid: number | undefined;
  readonly exitStatus: number | undefined;
  /** How long it may be silent; `undefined` when nobody watches it. */
  readonly watchdogMs: number | undefined;
  readonly restarts: number;
  /** The file is newer than what is loaded. */
  readonly stale: boolean;
};

export async function seeInstalled(place: Place, run: RunCommand): Promise<Sight> {
  const text = readText(place.file);
  const command = text === undefined ? undefined : readUnit(place.kind, text);
  const state = place.kind === 'systemd' ? await seeUnit(place, run) : await seeJob(place, run);
  return { text, command, ...state };
}

type Loaded = Omit<Sight, 'text' | 'command'>;

const PROPERTIES = [
  ...['ActiveState', 'UnitFileState', 'NeedDaemonReload', 'MainPID', 'ExecMainStatus', 'WatchdogUSec', 'NRestarts'],
].join(',');

async function seeUnit(place: Place, run: RunCommand): Promise<Loaded> {
  const answer = await run(systemctl(place, 'show', `--property=${PROPERTIES}`, place.name));
  return unitState(answer.ok, answer.stdout);
}

/** From the lines of `systemctl show`. */
export function unitState(answers: boolean, shown: string): Loaded {
  const pairs = shown.split('\n').map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  const values = new Map(pairs);
  const state = values.get('ActiveState') ?? 'inactive';
  return {
    answers,
    atBoot: values.get('UnitFileState') === 'enabled',
    active: !['inactive', 'failed'].includes(state),
    failed: state === 'failed',
    mainPid: positive(values.get('MainPID')),
    exitStatus: positive(values.get('ExecMainStatus')),
    watchdogMs: spanMs(values.get('WatchdogUSec') ?? ''),
    restarts: positive(values.get('NRestarts')) ?? 0,
    stale: values.get('NeedDaemonReload') === 'yes',
  };
}

/** `1min 30s` in ms, as systemctl prints time spans (systemd.time(7)). */
function spanMs(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
  const parts = [...text.matchAll(/([\d.]+)(us|ms|s|min|h)\b/g)];
  const ms = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
  return ms > 0 ? ms : undefined;
}

async function seeJob(place: Extract<Place, { kind: 'launchd' }>, run: RunCommand): Promise<Loaded> {
  const domain = await run(['launchctl', 'print-disabled', place.domain]);
  const job = await run(['launchctl', 'print', `${place.domain}/${place.name}`]);
  return jobState({ answers: domain.ok, disabled: domain.stdout, loaded: job.ok, printed: job.stdout }, place.name);
}

/** From `launchctl print` and `print-disabled`, whose form Apple does not promise: what is not found is not known. */
function jobState(
  seen: { readonly answers: boolean; readonly disabled: string; readonly loaded: boolean; readonly printed: string },
  label: string,
): Loaded {
  const off = new RegExp(`"${label.replaceAll('.', '\\.')}" => (true|disabled)`).test(seen.disabled);
  const field = (name: string): string | undefined => new RegExp(`^\\s*${name} = (\\S+)`, 'm').exec(seen.printed)?.[1];
  return {
    answers: seen.answers,
    atBoot: !off,
    active: seen.loaded,
    failed: false,
    mainPid: positive(field('pid')),
    exitStatus: positive(field('last exit code')),
    watchdogMs: undefined,
    restarts: Math.max(0, (positive(field('runs')) ?? 1) - 1),
    stale: false,
  };
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
