import { type GatewayBrand, isGatewayCommand } from '../../core/gateway.ts';
import { findGateway } from '../../host/gateway/find-gateway.ts';
import { readGatewayLock } from '../../host/gateway/lock.ts';
import { cgroupOf } from '../../host/owners/cgroup.ts';
import { jobsByPid } from '../../host/owners/launchd.ts';
import type { ProcessFacts } from '../../host/processes.ts';

const ASK_MS = 5_000;

/** What a gateway runs in now: to end one of these ends the gateway. */
export type Keepers = {
  /** `user hub.service` */
  readonly units: ReadonlySet<string>;
  /** Labels of launchd jobs. */
  readonly jobs: ReadonlySet<string>;
  /** The gateway, and all that it was started by. */
  readonly pids: ReadonlySet<number>;
};

/** Looks for gateways by their command and by their lock, and for whatever they stand in. */
export async function findKeepers(homeFolder: string, all: readonly ProcessFacts[]): Promise<Keepers> {
  const gateways = new Set(all.filter(({ argv }) => BRAND_NAMES.some((brand) => isGateway(argv, brand))));
  const place = await findGateway({ env: {}, homeFolder });
  const lock = place && (await readGatewayLock(place));
  if (lock !== undefined) gateways.add(lock.process);

  const byPid = new Map(all.map((facts) => [facts.pid, facts]));
  const pids = new Set<number>();
  for (const gateway of gateways)
    for (let at: ProcessFacts | undefined = gateway; at !== undefined && !pids.has(at.pid); at = byPid.get(at.ppid))
      if (at.pid > 1) pids.add(at.pid);

  // A unit holds all that was started in it, whatever has become of who started it.
  const units = [...gateways].flatMap(({ pid }) => {
    const cgroup = cgroupOf(pid);
    return cgroup?.kind === 'unit' ? [`${cgroup.scope} ${cgroup.unit}`] : [];
  });
  const jobs = process.platform === 'darwin' && pids.size > 0 ? await jobsByPid(ASK_MS) : new Map<number, string>();
  return { units: new Set(units), jobs: new Set([...pids].flatMap((pid) => jobs.get(pid) ?? [])), pids };
}

const BRAND_NAMES: readonly GatewayBrand[] = ['openclaw', 'clawdbot'];

/** In its first seconds it has only the title of the brand. */
function isGateway(argv: readonly string[], brand: GatewayBrand): boolean {
  return isGatewayCommand(argv, brand) || (argv.length === 1 && argv[0]?.trim() === brand);
}
