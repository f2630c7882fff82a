import { baseName } from '../core/command-line.ts';
import { programIn } from '../core/program.ts';
import { cleanEnvironment } from '../host/environment.ts';
import { findProgram } from '../host/find-program.ts';
import { findOwner } from '../host/owners/find-owner.ts';
import type { Listener } from '../host/ports.ts';
import { isSelfOrAncestor, type ProcessFacts } from '../host/processes.ts';
import { readEnvironLinux } from '../host/processes-linux.ts';
import { askHealth } from './ask-health.ts';
import { isHere, isLasting, leaveOut } from './leave-out.ts';
import type { FoundGateway } from './see-host.ts';
import type { Seen, SeenPort, SeenProcess, SeenService } from './seen.ts';
import { within } from './within.ts';

/** What is left out whoever owns it need not be asked who does. */
const ANY_OWNER = { kind: 'pm2', name: 'any' } as const;
/** Too late is as good as not known: then it is only watched. */
const OWNER_MS = 800;
/** A program with more ports than this is no simple web app; its other ports are only counted. */
const MOST_ASKED = 4;

/** What one process that listens is. Its owner and its ports are asked only when it could be somebody's service. */
export async function seeService(
  listeners: readonly Listener[],
  processes: readonly ProcessFacts[],
  gateway: FoundGateway | undefined,
  host: Pick<Seen, 'uid' | 'homeFolder' | 'ownPortsFrom'>,
): Promise<SeenService> {
  const pid = listeners[0]?.pid;
  const facts = pid === undefined ? undefined : processes.find((one) => one.pid === pid);
  const ports = uniquePorts(listeners);
  const asIs = {
    process: facts === undefined ? undefined : seeProcess(facts, ports),
    owner: undefined,
    ports: ports.map((port): SeenPort => ({ ...port, answer: { kind: 'not-asked' } })),
    partOf: facts === undefined ? undefined : partOf(facts, gateway),
  };
  if (facts === undefined || leaveOut({ ...asIs, owner: ANY_OWNER }, host) !== undefined) return asIs;
  // What is put in whoever owns it need not wait for its owner.
  const early = leaveOut(asIs, host) === undefined ? askPorts(asIs.ports, asIs.process, host) : undefined;
  const owner = await within(findOwner(facts), OWNER_MS, 'unknown' as const);
  if (leaveOut({ ...asIs, owner }, host) !== undefined) return { ...asIs, owner };
  return { ...asIs, owner, ports: await (early ?? askPorts(asIs.ports, asIs.process, host)) };
}

async function askPorts(
  ports: readonly SeenPort[],
  process: SeenProcess | undefined,
  host: Pick<Seen, 'ownPortsFrom'>,
): Promise<readonly SeenPort[]> {
  const here = ports.filter(isHere);
  const lasting = here.filter((one) => process !== undefined && isLasting(one, process, host));
  const asked = (lasting.length > 0 ? lasting : here).slice(0, MOST_ASKED);
  return await Promise.all(
    ports.map(async (one) => (asked.includes(one) ? { ...one, answer: await askHealth(one) } : one)),
  );
}

/** One for each number: a program that listens on both families has the same port twice. */
function uniquePorts(listeners: readonly Listener[]): readonly { readonly address: string; readonly port: number }[] {
  const byPort = new Map<number, { address: string; port: number }>();
  for (const { address, port } of listeners) {
    const known = byPort.get(port);
    // IPv4 loopback is asked where it can be.
    if (
      known === undefined ||
      (!isHere(known) && isHere({ address })) ||
      (known.address === '::1' && isHere({ address }))
    )
      byPort.set(port, { address, port });
  }
  return [...byPort.values()];
}

function partOf(facts: ProcessFacts, gateway: FoundGateway | undefined): SeenService['partOf'] {
  const program = baseName(facts.argv[programIn(facts.argv)?.last ?? 0] ?? '');
  if (isSelfOrAncestor(facts.pid) || /^jarvis-health(\.js)?$/.test(program)) return 'jarvis-health';
  return gateway?.partOf(facts);
}

function seeProcess(facts: ProcessFacts, ports: readonly { readonly port: number }[]): SeenProcess {
  const { pid, uid, argv, cwd } = facts;
  const variables = new Map(readEnvironLinux(pid).map((one) => [one.slice(0, one.indexOf('=')), one]));
  const variable = (name: string) => variables.get(name)?.slice(name.length + 1);
  const portVariable = variable('PORT');
  const isItsPort = ports.some(({ port }) => String(port) === portVariable);
  return {
    pid,
    uid,
    argv,
    cwd,
    program: ownProgram(argv[0] ?? '', cwd, variable('PATH')),
    portVariable: isItsPort ? portVariable : undefined,
  };
}

/** What every daemon has on PATH, however it is started: a unit knows nothing of what a shell's profile adds. */
const EVERYBODYS = '/usr/local/bin:/usr/bin:/bin';

/** `python3` of a virtual environment, `node` of a version manager: not what the daemon would find, so with its folder. */
function ownProgram(word: string, cwd: string | undefined, path: string | undefined): string | undefined {
  if (word === '' || word.includes('/') || cwd === undefined || path === undefined) return undefined;
  const its = findProgram(word, cwd, path);
  const found = [cleanEnvironment()['PATH'] ?? '', EVERYBODYS].map((one) => findProgram(word, cwd, one));
  return found.every((one) => one === its) ? undefined : its;
}
