import { checkNamed } from '../checks/index.ts';
import { type LoadedConfig, loadConfig } from './config/load.ts';
import { nearest } from './config/nearest.ts';
import { compilePlan } from './config/plan.ts';
import type { Problem } from './config/problems.ts';
import type { CheckPlan, Plan } from './core/plan.ts';
import type { Snapshot } from './core/snapshot.ts';
import type { Result } from './core/types.ts';
import { PersonError } from './errors.ts';
import { lookAround } from './found.ts';
import { examineGateways, findGateways } from './gateways.ts';
import { createClock } from './host/clock.ts';
import { listMounts } from './host/space.ts';
import { lookOnce } from './look.ts';

/** One pass: the plan it followed, what was seen, and what the config had to be warned about. */
export type Pass = {
  readonly plan: Plan;
  readonly results: readonly Result[];
  readonly warnings: readonly Problem[];
  /** What else is on this host; looked for when nothing is configured and everything was asked for. */
  readonly found: Snapshot['found'] | undefined;
};

export type PassOptions = {
  readonly home: string;
  readonly configFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of targets or checks; none means all. */
  readonly names: readonly string[];
};

// A pass over a thousand checks must not open a thousand connections at the same moment.
const AT_A_TIME = 64;

/**
 * Looks once, without a daemon: every check of the config (or of what was detected), or those of `names` (targets or
 * checks). Facts only: nothing is believed, remembered or done. Throws CONFIG_INVALID and TARGET_UNKNOWN.
 */
export async function runOnce(options: PassOptions): Promise<Pass> {
  const { plan, checks, loaded } = await readPass(options);
  const around = plan.configured || options.names.length > 0 ? undefined : lookAround(loaded.homeFolder);
  return { plan, results: await lookAtAll(checks), warnings: loaded.warnings, found: await around };
}

/** What `runOnce` would look at. Throws as it does. */
export async function readPass(
  options: PassOptions,
): Promise<{ readonly plan: Plan; readonly checks: readonly CheckPlan[]; readonly loaded: LoadedConfig }> {
  const { home, configFile, env, names } = options;
  const loaded = await loadConfig({ home, file: configFile, env });
  const gateways = await examineGateways(await findGateways(loaded), loaded);
  const plan = compilePlan(loaded, { mounts: await listMounts(), homeFolder: loaded.homeFolder, home, gateways });
  return { plan, checks: chosen(plan, names), loaded };
}

function chosen(plan: Plan, names: readonly string[]): readonly CheckPlan[] {
  for (const name of names) {
    if (plan.targets[name] !== undefined || plan.checks[name] !== undefined) continue;
    const targets = Object.keys(plan.targets);
    const meant = nearest(name, [...targets, ...Object.keys(plan.checks)]);
    const hint = meant === undefined ? `Known targets: ${targets.join(', ')}.` : `Did you mean ${meant}?`;
    throw new PersonError('TARGET_UNKNOWN', `There is no target "${name}".`, hint);
  }
  return Object.values(plan.checks).filter(
    (check) => names.length === 0 || names.includes(check.target) || names.includes(check.id),
  );
}

async function lookAtAll(checks: readonly CheckPlan[]): Promise<readonly Result[]> {
  const clock = createClock(undefined);
  const results = new Map<string, Result>();
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const looker = checkNamed(check.name);
      if (looker === undefined)
        throw new PersonError('INTERNAL', `There is no check "${check.name}".`, 'Please report it.');
      results.set(check.id, await lookOnce(check, looker, { look: 1, tracked: undefined, now: clock.now() }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, checks.length) }, worker));
  return checks.flatMap((check) => results.get(check.id) ?? []);
}
