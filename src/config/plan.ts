import * as v from 'valibot';
import type { FoundGateway } from '../core/gateway.ts';
import type { Plan, TargetPlan } from '../core/plan.ts';
import { type CompleteConfig, completeConfig } from './complete.ts';
import type { LoadedConfig } from './load.ts';
import { planDisks, planLogs, planMemory } from './plan-resources.ts';
import { planService } from './plan-services.ts';
import { hasSomethingToLookAt } from './rules-services.ts';
import { configSchema } from './schema/config.ts';
import type { Equip, TargetSketch } from './sketch.ts';

/** What the plan must know of the host. */
export type Found = {
  /** Real local disks; read-only ones are left out. */
  readonly mounts: readonly { readonly path: string; readonly readOnly: boolean }[];
  /** The person's home folder, for `~`. */
  readonly homeFolder: string;
  /** The daemon's home folder. */
  readonly home: string;
  /** Gateways, by the name of the service whose preset asks for one. */
  readonly gateways?: Readonly<Record<string, FoundGateway>>;
  /** Gives targets their playbooks; without it they have none, which is enough to look. */
  readonly equip?: Equip;
};

/**
 * Compiles the config into the judge's and the scheduler's view of it; pure. `undefined` is the daemon without a config:
 * it watches disks and memory and acts on nothing. A service with nothing to look at is left out.
 */
export function compilePlan(loaded: Pick<LoadedConfig, 'config' | 'configured'> | undefined, found: Found): Plan {
  const configured = loaded?.configured ?? false;
  const config = completed(loaded, found);
  const services = Object.entries(config.services).filter(([, service]) => hasSomethingToLookAt(service));
  const known = new Set(services.map(([name]) => name));
  const sketches: readonly TargetSketch[] = [
    ...services.map(([name, service]) =>
      planService(name, { ...service, after: service.after.filter((parent) => known.has(parent)) }, config, found),
    ),
    ...planDisks(config, found),
    ...planMemory(config),
    ...planLogs(config, found),
  ];
  const checks = sketches.flatMap((sketch) => sketch.checks);
  const targets = sketches.map((sketch) => equipped(sketch, found.equip));
  return {
    mode: config.policy.mode,
    configured,
    targets: Object.fromEntries(targets.map((target) => [target.id, target])),
    checks: Object.fromEntries(checks.map((check) => [check.id, check])),
    limits: {
      hostAttempts: config.limits.hostAttempts,
      hostWindowMs: config.limits.hostWindow,
      breakerForMs: config.limits.breakerFor,
      maxConcurrent: config.limits.maxConcurrent,
    },
    alerts: { after: config.alerts.after, cooldownMs: config.alerts.cooldown },
    holds: {
      afterBootMs: config.holds.afterBoot,
      afterWakeMs: config.holds.afterWake,
      parentMs: config.holds.parent,
      workMs: config.holds.work,
      terminalMs: config.holds.terminal,
    },
  };
}

/** A command of its own can bring a service up that nobody owns. */
const NEEDS_NOBODY = 'run-command';

function equipped({ target, ...sketch }: TargetSketch, equip: Equip | undefined): TargetPlan {
  const { playbooks, byHand, because } = equip?.({ target, ...sketch }) ?? { playbooks: [], byHand: [] };
  const { needsOwner, ...rest } = target;
  if (playbooks.length === 0) return { ...target, because: target.because ?? because, playbooks, byHand };
  const isAlone = playbooks.some(({ steps }) => steps.some(({ action }) => action === NEEDS_NOBODY));
  return needsOwner === true && !isAlone
    ? { ...target, playbooks, byHand }
    : { ...rest, because: undefined, playbooks, byHand };
}

/** The config as it is in force on this host. */
export function completed(
  loaded: Pick<LoadedConfig, 'config' | 'configured'> | undefined,
  { mounts }: Pick<Found, 'mounts'>,
): CompleteConfig {
  const writable = mounts.filter(({ readOnly }) => !readOnly).map(({ path }) => path);
  return completeConfig(loaded?.config ?? v.parse(configSchema, {}), loaded?.configured ?? false, writable);
}
