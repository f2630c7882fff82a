import { shortCommand } from '../core/command-line.ts';
import { saySize } from '../core/units.ts';
import { withTilde } from './folders.ts';
import { leaveOut } from './leave-out.ts';
import { preferredPort } from './preferred-port.ts';
import type { Left, Proposal, ProposedService } from './proposal.ts';
import { proposeGateway } from './propose-gateway.ts';
import { proposeService } from './propose-service.ts';
import type { Seen, SeenService } from './seen.ts';
import { uniqueName } from './service-name.ts';

const SMALLEST_DISK_BYTES = 2 * 1024 ** 3;

/** Decides what of a host is put into a config, with reasons; pure. */
export function propose(seen: Seen): Proposal {
  const { gateway } = seen;
  // A folder that an agent left behind is no gateway, and its absence no trouble.
  const isThere = gateway !== undefined && (gateway.runs || gateway.unit !== undefined);
  const services: ProposedService[] = isThere ? [proposeGateway(gateway)] : [];
  const left: Left[] =
    gateway === undefined || isThere ? [] : [{ what: gateway.brand, why: 'has a folder here, and no gateway runs' }];
  const taken = new Set(services.map(({ name }) => name));
  for (const one of joinByOwner(seen.services)) {
    const why = leaveOut(one, seen) ?? speechless(one, seen);
    const made = why === undefined ? proposeService(one, seen) : undefined;
    if (made === undefined) left.push({ what: nameSeen(one), why: why ?? 'cannot be seen from here' });
    else {
      const name = uniqueName(made.name, preferredPort(one, seen)?.port ?? 0, taken);
      taken.add(name);
      services.push({ ...made, name });
    }
  }
  return { services, left, ...resources(seen) };
}

/** Several processes of one owner are one service. */
function joinByOwner(services: readonly SeenService[]): readonly SeenService[] {
  const joined: SeenService[] = [];
  for (const one of services) {
    const key = ownerKey(one);
    const at = key === undefined ? -1 : joined.findIndex((other) => ownerKey(other) === key);
    const other = joined[at];
    if (other === undefined) joined.push(one);
    else joined[at] = { ...other, ports: [...other.ports, ...one.ports] };
  }
  return joined;
}

function ownerKey({ owner, partOf }: SeenService): string | undefined {
  return owner === undefined || owner === 'unknown' ? undefined : JSON.stringify([partOf ?? '', owner]);
}

/** Distributions bring many daemons: one of them is a person's service when it runs as a person or answers HTTP. */
function speechless({ owner, process, ports }: SeenService, seen: Seen): string | undefined {
  if (owner === undefined || owner === 'unknown' || process === undefined) return undefined;
  const isSystems = owner.kind === 'systemd' && owner.scope === 'system';
  const isPersons = process.uid >= 1000 || process.cwd?.startsWith(`${seen.homeFolder}/`) === true;
  const speaks = ports.some(({ answer }) => answer.kind !== 'mute' && answer.kind !== 'not-asked');
  return isSystems && !isPersons && !speaks ? 'is a system service that does not speak HTTP' : undefined;
}

function nameSeen({ process, ports }: SeenService): string {
  const numbers = ports.map(({ port }) => port);
  const where = `port ${numbers.slice(0, 3).join(', ')}${numbers.length > 3 ? ', …' : ''}`;
  return process === undefined ? `a program on ${where}` : `${shortCommand(process.argv)} (${where})`;
}

function resources(seen: Seen): Pick<Proposal, 'disks' | 'memory' | 'logs'> {
  const isWorth = ({ path, totalBytes }: Seen['disks'][number]) =>
    path === '/' || (totalBytes >= SMALLEST_DISK_BYTES && !/^\/boot(\/|$)/.test(path));
  return {
    disks: seen.disks.filter(isWorth).map(({ path, totalBytes, usedPercent }) => ({
      path,
      why: `${saySize(totalBytes)}, ${Math.round(usedPercent)}% used now`,
    })),
    memory: { why: `${saySize(seen.memory.totalBytes)}, ${Math.round(seen.memory.usedPercent)}% used now` },
    logs: seen.logs.map(({ folder, ending, files, bytes }) => ({
      match: `${withTilde(folder, seen.homeFolder)}/*${ending}`,
      why: `${files} ${files === 1 ? 'file' : 'files'}, ${saySize(bytes)} now`,
    })),
  };
}
