import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type GatewayPlace, isGatewayCommand } from '../../core/gateway.ts';
import { wallMs } from '../clock.ts';
import { type ProcessFacts, readProcess } from '../processes.ts';

/** What the gateway writes into its lock file; both brands, all that is not needed left out. */
const payload = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  configPath: v.optional(v.string()),
  stateDir: v.optional(v.string()),
  port: v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))), undefined),
  role: v.optional(v.string(), 'gateway'),
  startTime: v.optional(v.number()),
});
type Payload = v.InferOutput<typeof payload> & {
  /** Not later than it was written, nor than now: a clock that was ahead tells of a run to come. */
  readonly begunAt: number;
};

/** A gateway that runs, by its own lock file. Times are wall time in ms. */
export type GatewayLock = {
  readonly process: ProcessFacts;
  readonly port: number | undefined;
  /** When its present run began; later than its process when it began anew inside it. */
  readonly begunAt: number;
};

/** The running gateway of this place; `undefined` when no lock names a process that is there and the same. */
export async function readGatewayLock(place: GatewayPlace): Promise<GatewayLock | undefined> {
  for (const lock of locksOf(place)) {
    const facts = await readProcess(lock.pid);
    if (facts !== undefined && isHolder(lock, facts, place))
      return { process: facts, port: lock.port, begunAt: lock.begunAt };
  }
  return undefined;
}

/** When the gateway last began, by any lock file it left, also when it has ended since. */
export function lastBegunAt(place: GatewayPlace): number | undefined {
  const times = locksOf(place).map(({ begunAt }) => begunAt);
  return times.length === 0 ? undefined : Math.max(...times);
}

function locksOf(place: GatewayPlace): readonly Payload[] {
  const owner = statSync(place.stateFolder, { throwIfNoEntry: false })?.uid;
  return place.lockFolders.flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const lock = read(join(folder, name), owner);
      return lock !== undefined && isOf(lock, place, folder) ? [lock] : [];
    }),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^gateway\..+\.lock$/.test(name));
  } catch {
    return [];
  }
}

const LARGEST_BYTES = 64 * 1024;

/** In /tmp anybody may lay down a lock that names a process of ours: only the gateway's own user is believed. */
function read(file: string, owner: number | undefined): Payload | undefined {
  try {
    const stat = statSync(file);
    if (stat.size > LARGEST_BYTES || stat.uid !== owner) return undefined;
    const parsed = v.safeParse(payload, JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success || parsed.output.role !== 'gateway') return undefined;
    return { ...parsed.output, begunAt: Math.min(Date.parse(parsed.output.createdAt), stat.mtimeMs, wallMs()) };
  } catch {
    return undefined; // none, or just being written
  }
}

/** One folder in /tmp has the locks of every gateway of this user. */
function isOf({ configPath, stateDir }: Payload, { configFile, stateFolder }: GatewayPlace, folder: string): boolean {
  if (folder.startsWith(`${stateFolder}/`)) return true;
  return stateDir === stateFolder || configPath === configFile;
}

const CLOCKS_DIFFER_MS = 2_000;

/** On Linux by the kernel's start time; elsewhere the process must be older than its lock. It bears its brand's name. */
function isHolder({ startTime, begunAt }: Payload, facts: ProcessFacts, { brand }: GatewayPlace): boolean {
  if (!facts.argv.join(' ').includes(brand)) return false;
  if (process.platform === 'linux' && startTime !== undefined) return facts.startToken.endsWith(`:${startTime}`);
  return wallMs() - facts.ageMs <= begunAt + CLOCKS_DIFFER_MS && isGatewayCommand(facts.argv, brand);
}
