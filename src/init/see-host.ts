import { readFileSync } from 'node:fs';
import { type GatewayPlace, isGatewayCommand } from '../core/gateway.ts';
import { findGateway } from '../host/gateway/find-gateway.ts';
import { readGatewayLock } from '../host/gateway/lock.ts';
import { findGatewayUnit } from '../host/gateway/unit-file.ts';
import { readMemory } from '../host/memory.ts';
import { findOwner } from '../host/owners/find-owner.ts';
import { findListeners, type Listener } from '../host/ports.ts';
import { listProcesses, type ProcessFacts } from '../host/processes.ts';
import { readEnvironLinux } from '../host/processes-linux.ts';
import { listMounts, spaceOf } from '../host/space.ts';
import { gatewayStart } from './gateway-start.ts';
import { seeLogs } from './see-logs.ts';
import { seeService } from './see-service.ts';
import type { Seen, SeenGateway, SeenService } from './seen.ts';
import { within } from './within.ts';

export type Asker = {
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person's home folder. */
  readonly homeFolder: string;
};

const OWNER_MS = 800;
const START_MS = 1_500;
const DISK_MS = 500;
/** What the IANA leaves to systems for ports of their own choice (RFC 6335, 6). */
const OWN_PORTS_FROM = 49_152;

/**
 * Looks at everything that init could put into a config: reads, asks owners how things are, and asks what listens on
 * this host for its front page. Changes nothing. Every question has a deadline, all together take under two seconds.
 */
export async function seeHost(asker: Asker): Promise<Seen> {
  const ownPortsFrom = readOwnPorts();
  const host = { uid: asker.uid, homeFolder: asker.homeFolder, ownPortsFrom };
  const [gateway, listeners, processes, disks, memory] = await Promise.all([
    seeGateway(asker),
    findListeners().catch(() => []),
    listProcesses().catch(() => []),
    seeDisks(),
    readMemory(),
  ]);
  const services = await Promise.all(
    groupByProcess(listeners).map((group) => seeService(group, processes, gateway, host)),
  );
  const { totalBytes, availableBytes } = memory;
  return {
    ...host,
    gateway: gateway?.seen,
    services,
    disks,
    memory: { totalBytes, usedPercent: (1 - availableBytes / totalBytes) * 100 },
    logs: await seeLogs(asker.homeFolder, [...foldersOf(services), ...(gateway ? [gateway.place.stateFolder] : [])]),
  };
}

/** `partOf`: whether a process belongs to the gateway that runs, or is another one. */
export type FoundGateway = {
  readonly seen: SeenGateway;
  readonly place: GatewayPlace;
  readonly partOf: (facts: ProcessFacts) => 'gateway' | 'other-gateway' | undefined;
};

async function seeGateway({ env, homeFolder }: Asker): Promise<FoundGateway | undefined> {
  const place = await findGateway({ env, homeFolder });
  if (place === undefined) return undefined;
  const lock = await readGatewayLock(place);
  const owner = lock === undefined ? undefined : await within(findOwner(lock.process), OWNER_MS, 'unknown' as const);
  const unit = findGatewayUnit(place, homeFolder)?.name;
  const pid = lock?.process.pid;
  const nobody = owner === undefined && (lock !== undefined || unit === undefined);
  const search = { env: { ...env, PATH: pathsOf(pid, env['PATH']) }, homeFolder, start: lock?.process.argv };
  const start = nobody ? await within(gatewayStart(place, search), START_MS, undefined) : undefined;
  return {
    place,
    seen: { brand: place.brand, port: lock?.port ?? place.port, runs: lock !== undefined, owner, unit, start },
    partOf: (facts) => {
      if (pid === undefined) return undefined;
      if (facts.pid === pid || facts.ppid === pid) return 'gateway';
      return isGatewayCommand(facts.argv, place.brand) ? 'other-gateway' : undefined;
    },
  };
}

/** That of the gateway that runs first: it found its program and its Node there. */
function pathsOf(pid: number | undefined, path = ''): string {
  const its = pid === undefined ? undefined : readEnvironLinux(pid).find((one) => one.startsWith('PATH='));
  return its === undefined ? path : `${its.slice('PATH='.length)}:${path}`;
}

/** What one process has open; a port that nobody can be seen behind stands alone. */
function groupByProcess(listeners: readonly Listener[]): readonly (readonly Listener[])[] {
  const groups = new Map<string, Listener[]>();
  for (const one of listeners) {
    const key = one.pid === undefined ? `port ${one.port}` : `pid ${one.pid}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

async function seeDisks(): Promise<Seen['disks']> {
  const mounts = (await listMounts().catch(() => [])).filter(({ readOnly }) => !readOnly);
  const seen = await Promise.all(
    mounts.map(async ({ path }) => {
      const space = await within(spaceOf(path), DISK_MS, undefined);
      return space === undefined ? [] : [{ path, totalBytes: space.totalBytes, usedPercent: space.usedPercent }];
    }),
  );
  return seen.flat();
}

/** Folders of what would be proposed may have logs of their own. */
function foldersOf(services: readonly SeenService[]): readonly string[] {
  return services.flatMap(({ process, ports }) =>
    process?.cwd !== undefined && ports.some(({ answer }) => answer.kind !== 'not-asked') ? [process.cwd] : [],
  );
}

function readOwnPorts(): number {
  try {
    const from = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
    return Number.isInteger(from) && from > 0 ? from : OWN_PORTS_FROM;
  } catch {
    return OWN_PORTS_FROM;
  }
}
