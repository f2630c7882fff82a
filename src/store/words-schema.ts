import * as v from 'valibot';
import type { TroubleClass } from '../core/classify.ts';
import type { Reason, Status } from '../core/types.ts';
import type { Same } from './same.ts';

/** The closed lists of words that stand in state.json. */
export const status = v.picklist(['ok', 'warning', 'critical', 'unknown', 'idle'] satisfies Status[]);
export const reason = v.picklist([
  'fine',
  'gone',
  'absent',
  'unmatched',
  'unstable',
  'foreign',
  'refused',
  'silent',
  'failing',
  'wrong-answer',
  'rate-limited',
  'slow',
  'degraded',
  'over-limit',
  'cannot-look',
  'nothing-to-look-at',
] satisfies Reason[]);

export const troubleClass = v.picklist([
  'crashed',
  'oom-killed',
  'refused-configuration',
  'not-running',
  'unreachable',
  'hung',
  'failing',
  'slow',
  'rate-limited',
  'degraded',
  'unstable',
  'port-conflict',
  'dependency-missing',
  'disk-full',
  'permission',
  'wrong-runtime',
  'data-corruption',
  'over-limit',
  'unclear',
] satisfies TroubleClass[]);

// A word added to a type of src/core and forgotten here would make a state that cannot be read: so it does not compile.
true satisfies Same<v.InferOutput<typeof status>, Status>;
true satisfies Same<v.InferOutput<typeof reason>, Reason>;
true satisfies Same<v.InferOutput<typeof troubleClass>, TroubleClass>;
