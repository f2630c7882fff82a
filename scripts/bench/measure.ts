import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/** One line of the table. `ours` and `beside` were measured in the same run; without `beside`, `ours` is what is bounded. */
export type Measured = {
  readonly ours: number;
  readonly beside?: number;
  readonly unit: 'ms' | 'MB' | '%' | 'µs';
  readonly besideName?: string;
  /** How it was taken: rounds, window, spread. */
  readonly note: string;
};

export type Bench = {
  readonly name: string;
  readonly says: string;
  /** Highest ratio (with `beside`), or highest value in `unit`. */
  readonly budget: number;
  readonly run: () => Promise<Measured | { readonly skipped: string }>;
};

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Wall time in ms of one command from start to end; throws when it ends otherwise than `allowed`. */
export function wallMs(argv: readonly string[], allowed: readonly number[] = [0]): number {
  const [command = '', ...args] = argv;
  const beganAt = performance.now();
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const tookMs = performance.now() - beganAt;
  if (!allowed.includes(status ?? -1)) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return tookMs;
}

/** Takes both in turn, so that a busy moment of the machine hits both alike; the first round warms up and is dropped. */
export async function inTurn(
  rounds: number,
  ours: () => number | Promise<number>,
  beside: () => number | Promise<number>,
): Promise<{ ours: readonly number[]; beside: readonly number[] }> {
  const taken = { ours: [] as number[], beside: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const [one, other] = [await ours(), await beside()];
    if (round > 0) {
      taken.ours.push(one);
      taken.beside.push(other);
    }
  }
  return taken;
}

/** Resident memory in MB, shared pages counted in full: Rss of smaps_rollup (proc(5)). */
export function residentMb(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Rss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}

/**
 * CPU in ms used so far by all threads of a process, and by the children it has waited for. Threads in ns from
 * schedstat, which knows more than the 10 ms ticks of stat; a child's time is known in ticks only (proc(5)).
 */
export function cpuMs(pid: number): number {
  const ownNs = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ownNs / 1e6 + (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Waits until `holds` gives something; throws with `says` after the deadline. */
export async function until<T>(says: string, timeoutMs: number, holds: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const found = await holds().catch(() => undefined);
    if (found !== undefined) return found;
    await pause(5);
  }
  throw new Error(`did not happen within ${timeoutMs} ms: ${says}`);
}

/** Uses CPU for `windowMs` and says how much, in ms. */
export async function cpuDuring(pid: number, windowMs: number): Promise<number> {
  const before = cpuMs(pid);
  await pause(windowMs);
  return cpuMs(pid) - before;
}

export function programPath(name: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]);
  return status === 0 ? stdout.toString().trim() : undefined;
}

/** A child that is ended, by its own number, when the bench is over. */
export function companion(argv: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  child.on('error', () => undefined);
  return {
    pid: child.pid ?? 0,
    stdout: child.stdout,
    async end(): Promise<void> {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
