import type { Step } from '../core/plan.ts';

/** A step that is tried once and proven as the target's checks prove it. */
export const ONCE: Pick<Step, 'retries' | 'backoffMs' | 'verify'> = { retries: 0, backoffMs: 0, verify: {} };

/** The most that a playbook may take: none of the built-in ones comes near it. */
export const SLO_MS = 3_600_000;
