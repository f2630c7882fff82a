import type { CheckPlan, Plan, Playbook, Step, TargetPlan, TargetPolicy } from '../../src/core/plan.ts';

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
    ...ONCE,
  };
  const value: TargetPlan = {
    ...target(id, sketch),
    kind: id,
    cadenceMs: 60_000,
    playbooks: sketch.noStart === true ? [] : [playbook(`${id}-playbook`, [step])],
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
  const targets = Object.entries(before.targets).map(([id, one]) => [id, { ...one, options: { cwd } }] as const);
  return { ...before, targets: Object.fromEntries(targets) };
}

/** A step that is tried once and proven as ever. */
export const ONCE: Pick<Step, 'retries' | 'backoffMs' | 'verify'> = { retries: 0, backoffMs: 0, verify: {} };

export function playbook(name: string, steps: readonly Step[], over: Partial<Playbook> = {}): Playbook {
  return { name, summary: '', sloMs: 3_600_000, steps, ...over };
}

/** The same plan, where one target has these playbooks. */
export function withPlaybooks(
  before: Plan,
  id: string,
  playbooks: readonly Playbook[],
  byHand: readonly Playbook[] = [],
): Plan {
  const one = before.targets[id];
  if (one === undefined) throw new Error(`the plan has no ${id}`);
  return { ...before, targets: { ...before.targets, [id]: { ...one, playbooks, byHand } } };
}

/** The same plan, where one target has a ladder of variations of its own first step. */
export function withLadder(
  before: Plan,
  id: string,
  steps: readonly Partial<Step>[],
  over: Partial<Playbook> = {},
): Plan {
  const [step] = before.targets[id]?.playbooks[0]?.steps ?? [];
  if (step === undefined) throw new Error(`${id} has no step in the plan`);
  return withPlaybooks(before, id, [
    playbook(
      'ladder',
      steps.map((one) => ({ ...step, ...one })),
      over,
    ),
  ]);
}

function target(id: string, sketch: ServiceSketch): TargetPlan {
  const start = sketch.noStart !== true;
  const steps = [{ action: 'restart-service', options: {}, timeoutMs: 60_000, recovers: true, ...ONCE }];
  return {
    id,
    kind: 'service',
    mode: sketch.mode ?? 'act',
    parents: sketch.parents ?? [],
    policy: { ...POLICY, ...sketch.policy },
    cadenceMs: 10_000,
    playbooks: start ? [playbook('service-restart', steps)] : [],
    byHand: [],
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
