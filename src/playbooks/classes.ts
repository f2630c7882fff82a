import type { TroubleClass } from '../core/classify.ts';
import type { TargetKind } from '../core/plan.ts';

/** Every class once, so that a new one is not forgotten here. */
const KNOWN: Readonly<Record<TroubleClass, true>> = {
  crashed: true,
  'oom-killed': true,
  'refused-configuration': true,
  'not-running': true,
  unreachable: true,
  hung: true,
  failing: true,
  slow: true,
  'rate-limited': true,
  degraded: true,
  unstable: true,
  'port-conflict': true,
  'dependency-missing': true,
  'disk-full': true,
  permission: true,
  'wrong-runtime': true,
  'data-corruption': true,
  'over-limit': true,
  unclear: true,
};

/** What may stand under `when`. */
export const CLASSES = Object.keys(KNOWN) as readonly TroubleClass[];

/** What may stand under `for`. */
export const KINDS: readonly TargetKind[] = ['service', 'disk', 'memory', 'logs'];
