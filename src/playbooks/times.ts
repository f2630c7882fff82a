import type { TargetKind } from '../core/plan.ts';
import type { StepDefinition } from './definition.ts';
import { LONGEST_BACKOFF_MS } from './schema.ts';

/** What an action takes besides the waits that its options name. */
const SPARE_MS: Readonly<Record<string, number>> = {
  // An owner's restart may take a minute (restart-owned.ts), and its own delay comes on top.
  'restart-service': 100_000,
  'reset-failed': 100_000,
  'signal-process': 60_000,
  // It is ended with all that it started, which takes a moment.
  'gateway-cli-restart': 15_000,
  // Compressing and deleting old logs takes its time on a slow disk.
  'clean-disk': 600_000,
  'rotate-log': 600_000,
  'report-top-processes': 20_000,
};
const OTHERWISE_MS = 30_000;

/** What is looked at has this long to be well again, where a playbook does not say: services, and disks, memory and logs. */
const PROOF_MS: Readonly<Record<TargetKind, number>> = {
  service: 60_000,
  disk: 120_000,
  memory: 120_000,
  logs: 120_000,
};

/** How long a step may take where the playbook does not say: all its own waits, and what the action takes besides. */
export function ownTimeoutMs(action: string, options: Readonly<Record<string, unknown>>): number {
  return (SPARE_MS[action] ?? OTHERWISE_MS) + waitsMs(options);
}

/** All times among the options, one after the other. */
export function waitsMs(options: Readonly<Record<string, unknown>>): number {
  return Object.entries(options).reduce(
    (sum, [name, value]) => (name.endsWith('Ms') && typeof value === 'number' ? sum + value : sum),
    0,
  );
}

/** When every try takes its whole time and none helps. */
export function worstCaseMs(steps: readonly StepDefinition[], kind: TargetKind): number {
  return steps.reduce((sum, step) => sum + worstOf(step, kind), 0);
}

function worstOf({ action, options, timeoutMs, retries, backoffMs, verify }: StepDefinition, kind: TargetKind): number {
  const proofMs = verify === 'none' ? 0 : (verify.withinMs ?? PROOF_MS[kind]);
  const onceMs = (timeoutMs ?? ownTimeoutMs(action, options)) + proofMs;
  return onceMs * (retries + 1) + backoffsMs(backoffMs, retries);
}

function backoffsMs(firstMs: number, retries: number): number {
  let sum = 0;
  for (let retry = 0; retry < retries; retry += 1) sum += Math.min(firstMs * 2 ** retry, LONGEST_BACKOFF_MS);
  return sum;
}
