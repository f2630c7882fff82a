import type { CheckPlan, Plan, TargetPlan, TargetPolicy } from '../../src/core/plan.ts';

const POLICY: TargetPolicy = {
  cooldownMs: 300_000,
  maxAttemptsPerHour: 3,
  forgetAfterMs: 600_000,
  startGraceMs: 60_000,
  startGraceCapMs: 600_000,
  recoverOn: [],
  bringUpTries: 3,
  bringUpBackoffMs: 2_000,
};

export type ServiceSketch = {
  readonly parents?: readonly string[];
  readonly policy?: Partial<TargetPolicy>;
  readonly check?: Partial<CheckPlan>;
  readonly mode?: 'act' | 'observe';
  readonly noStart?: boolean;
  /** Rhythm of the process looks; slower where a story lasts for days. */
  readonly processEveryMs?: number;
  readonly fingerprint?: string;
};

/** For stories of an hour and more of trouble: eight process looks that say the same are one, and the story lasts an eighth. */
export const UNHURRIED: ServiceSketch = { processEveryMs: 2_000 };

/** A plan with the defaults of INTERFACE.md for web services that are looked at by process and HTTP. */
export function servicePlan(services: Readonly<Record<string, ServiceSketch>>, over: Partial<Plan> = {}): Plan {
  const targets = Object.entries(services).map(([id, sketch]) => [id, target(id, sketch)] as const);
  const checks = Object.entries(services).flatMap(([id, sketch]) => [
    check(`${id}:process`, id, 'process', { everyMs: sketch.processEveryMs ?? 250, timeoutMs: 2_000 }),
    check(`${id}:http`, id, 'http', sketch.check ?? {}),
  ]);
  return plan(targets, checks, over);
}

/** A plan with one value target, such as disk or memory. */
export function valuePlan(
  id: 'disk' | 'memory' | 'logs',
  sketch: ServiceSketch & { readonly informs?: boolean } = {},
): Plan {
  const step = {
    action: sketch.informs === true ? 'report-top-processes' : id === 'logs' ? 'rotate-log' : 'clean-disk',
    options: {},
    timeoutMs: 60_000,
    recovers: sketch.informs !== true,
  };
  const value: TargetPlan = {
    ...target(id, sketch),
    kind: id,
    cadenceMs: 60_000,
    playbook: sketch.noStart === true ? undefined : { name: `${id}-playbook`, steps: [step] },
    bringUp: false,
  };
  return plan([[id, value]], [check(`${id}:value`, id, id, { everyMs: 60_000, forMs: 300_000, ...sketch.check })], {});
}

function plan(
  targets: readonly (readonly [string, TargetPlan])[],
  checks: readonly CheckPlan[],
  over: Partial<Plan>,
): Plan {
  return {
    mode: 'act',
    configured: true,
    targets: Object.fromEntries(targets),
    checks: Object.fromEntries(checks.map((one) => [one.id, one])),
    limits: { hostAttempts: 6, hostWindowMs: 600_000, breakerForMs: 1_800_000, maxConcurrent: 2 },
    alerts: { after: 3, cooldownMs: 3_600_000 },
    holds: { afterBootMs: 60_000, afterWakeMs: 60_000, parentMs: 300_000, workMs: 1_800_000, terminalMs: 60_000 },
    ...over,
  };
}

/** The same plan, with the folder that the services run in. */
export function inFolder(before: Plan, cwd: string): Plan {
  const targets = Object.entries(before.targets).map(([id, one]) => {
    const steps = (one.playbook?.steps ?? []).map((step) => ({ ...step, options: { cwd } }));
    return [id, one.playbook === undefined ? one : { ...one, playbook: { ...one.playbook, steps } }] as const;
  });
  return { ...before, targets: Object.fromEntries(targets) };
}

function target(id: string, sketch: ServiceSketch): TargetPlan {
  const start = sketch.noStart !== true;
  const steps = [{ action: 'restart-service', options: {}, timeoutMs: 60_000, recovers: true }];
  return {
    id,
    kind: 'service',
    mode: sketch.mode ?? 'act',
    parents: sketch.parents ?? [],
    policy: { ...POLICY, ...sketch.policy },
    cadenceMs: 10_000,
    playbook: start ? { name: 'service-restart', steps } : undefined,
    because: start ? undefined : 'no start command is known',
    bringUp: start,
    fingerprint: sketch.fingerprint ?? '1',
  };
}

export function check(id: string, of: string, name: string, over: Partial<CheckPlan>): CheckPlan {
  return {
    id,
    target: of,
    name,
    everyMs: 10_000,
    timeoutMs: 10_000,
    forMs: undefined,
    failureThreshold: 3,
    successThreshold: 2,
    retryEveryMs: 2_000,
    hungAfterMs: 60_000,
    options: {},
    ...over,
  };
}
