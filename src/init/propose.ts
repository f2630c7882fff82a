import { baseName, shortCommand } from '../core/command-line.ts';
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
  const leftOut: LeftOut[] = [];
  const taken = new Set(services.map(({ name }) => name));
  for (const one of joinByOwner(seen.services)) {
    // It is in already, under its own name.
    if (one.partOf === 'gateway' && isThere) continue;
    const why = leaveOut(one, seen) ?? speechless(one, seen);
    const made = why === undefined ? proposeService(one, seen) : undefined;
    if (made === undefined) leftOut.push({ one, why: why ?? 'cannot be seen from here' });
    else {
      const name = uniqueName(made.name, preferredPort(one, seen)?.port ?? 0, taken);
      taken.add(name);
      services.push({ ...made, name });
    }
  }
  return { services, left: [...left, ...joinByProgram(leftOut)], ...resources(seen) };
}

type LeftOut = { readonly one: SeenService; readonly why: string };

/** Ten test servers of one program that are left out for one reason are one line. */
function joinByProgram(leftOut: readonly LeftOut[]): readonly Left[] {
  const groups = new Map<string, LeftOut[]>();
  for (const each of leftOut) {
    const key = `${programOf(each.one)} ${each.why}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [
          {
            what: nameSeen(
              first.one,
              group.map(({ one }) => one),
            ),
            why: first.why,
          },
        ];
  });
}

function programOf({ process }: SeenService): string {
  return process === undefined ? 'a program' : baseName(process.argv[0] ?? '');
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

function nameSeen(first: SeenService, those: readonly SeenService[]): string {
  const numbers = those.flatMap(({ ports }) => ports.map(({ port }) => port));
  const shown = `${numbers.slice(0, 3).join(', ')}${numbers.length > 3 ? ', …' : ''}`;
  const where = `${numbers.length === 1 ? 'port' : 'ports'} ${shown}`;
  const names = new Set(those.map((one) => (one.process === undefined ? undefined : shortCommand(one.process.argv))));
  const [name] = names;
  if (name === undefined) return `a program on ${where}`;
  return `${names.size === 1 ? name : programOf(first)} (${where})`;
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
