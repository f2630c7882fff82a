import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeGateway } from '../fixtures/gateway/install.ts';
import { eventually, fixture, type TestDaemon } from '../helpers/daemon.ts';

type AtEnd = (clean: () => Promise<void>) => void;

/** A naive watchdog at work. */
export type Watchdog = {
  /** How many lines it has printed that begin so. */
  count(word: 'well' | 'bad' | 'killed' | 'ran' | 'ended'): number;
  lines(): readonly string[];
  /** Ends it, and everything that it started. */
  end(): Promise<void>;
};

const CLEAN_TIMES = 5;

/** Lets a naive watchdog loose: see fixtures/naive-watchdog.mjs. What it starts gets `env` too. */
export function letLoose(atEnd: AtEnd, env: Readonly<Record<string, string>>, args: readonly string[]): Watchdog {
  const mark = `NAIVE_WATCHDOG=${process.pid}.${performance.now()}`;
  const child = spawn(process.execPath, [fixture('naive-watchdog.mjs'), ...args], {
    env: { ...process.env, ...env, NAIVE_WATCHDOG: mark.slice(mark.indexOf('=') + 1) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async () => {
    child.kill('SIGKILL');
    await gone;
    // What is just being started shows no environment for a moment: once clean is not clean yet.
    let clean = 0;
    await eventually('nothing of the watchdog is left', () => {
      clean = endMarked(mark) === 0 ? clean + 1 : 0;
      return clean >= CLEAN_TIMES ? true : undefined;
    });
  };
  atEnd(end);
  const lines = () => output.split('\n').filter((line) => line !== '');
  return { lines, count: (word) => lines().filter((line) => line.split(' ')[0] === word).length, end };
}

/** Ends the processes with this in their environment, and says how many there still were. */
export function endMarked(mark: string): number {
  let ended = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)) continue;
      process.kill(Number(pid), 'SIGKILL');
      ended += 1;
    } catch {
      // It ended meanwhile, or is not ours to see.
    }
  }
  return ended;
}

/** The lock of a gateway, which people take for its pid file. */
export function lockOf({ brand, state, env }: FakeGateway): string {
  const uid = process.getuid?.();
  if (brand === 'openclaw') return join(state, 'tmp', `openclaw-${uid}`, 'gateway.state.lock');
  const folder = join(env['TMPDIR'] ?? '', `clawdbot-${uid}`);
  return join(folder, readdirSync(folder).find((name) => name.startsWith('gateway.')) ?? '');
}

/** Whose it is. */
export const lockPid = (fake: FakeGateway): number =>
  Number(/"pid":(\d+)/.exec(readFileSync(lockOf(fake), 'utf8'))?.[1] ?? 0);

export const portOf = ({ configFile }: FakeGateway): number =>
  Number(/port\W+(\d+)/.exec(readFileSync(configFile, 'utf8'))?.[1]);

/** Looks at its health address and kills by its lock, as the watchdogs on record do; then starts it anew. */
export const byHealth = (fake: FakeGateway, flags: readonly string[], over: readonly string[] = []): string[] => {
  const look = ['--http', `http://127.0.0.1:${portOf(fake)}/healthz`, '--kill', lockOf(fake), ...over];
  return [...look, '--', process.execPath, fake.entry, 'gateway', ...flags];
};

/** What `explain` says of a target, in one line, as words may be broken anywhere. */
export const explained = (daemon: TestDaemon, target = 'gateway'): string =>
  daemon.run('explain', target).out.replaceAll(/\s+/g, ' ');

/** Says a number that was measured, for the table of docs/incidents.md. */
export function measured(story: string, harm: string): void {
  writeSync(1, `harm of the naive watchdog, ${story}: ${harm}\n`);
}

export const pidOf = (target: { process: { pid: number } | undefined }): number => target.process?.pid ?? 0;

/** Lines that were written there so far. */
export const linesIn = (file: string): number => {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').length;
  } catch {
    return 0;
  }
};
