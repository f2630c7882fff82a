import { type LoadedConfig, loadConfig } from './config/load.ts';
import { compilePlan } from './config/plan.ts';
import type { Plan } from './core/plan.ts';
import { examineGateways, findGateways } from './gateways.ts';
import { listMounts } from './host/space.ts';
import { openPlaybooks, type Playbooks } from './open-playbooks.ts';

export type PlanSource = {
  readonly home: string;
  readonly configFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** The plan as a daemon of this home would follow it, with its playbooks. Throws CONFIG_INVALID and CONFIG_UNREADABLE. */
export async function readPlan(
  { home, configFile, env }: PlanSource,
  given?: Playbooks,
): Promise<{ readonly plan: Plan; readonly playbooks: Playbooks; readonly loaded: LoadedConfig }> {
  const loaded = await loadConfig({ home, file: configFile, env });
  const playbooks = given ?? (await openPlaybooks(home, loaded.homeFolder));
  return { plan: await planFor(loaded, home, playbooks), playbooks, loaded };
}

/** The plan that a config makes on this host. */
export async function planFor(loaded: LoadedConfig, home: string, playbooks: Playbooks): Promise<Plan> {
  const { homeFolder } = loaded;
  const gateways = await examineGateways(await findGateways(loaded), loaded);
  const mounts = await listMounts();
  return playbooks.equipped((equip) => compilePlan(loaded, { mounts, homeFolder, home, gateways, equip }));
}
