import * as v from 'valibot';

/** What the POST routes take. Durations in ms; at most a year, so that nothing is forgotten for ever. */

const YEAR_MS = 366 * 24 * 3_600_000;
const text = v.pipe(v.string(), v.maxLength(300));
/** Who asks, for audit and timeline. The socket's permission is the authority; this is a name, not a proof. */
const by = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64)), 'local');
const forMs = v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(YEAR_MS));
const flag = v.optional(v.boolean(), false);

export const justBy = v.strictObject({ by });
/** `receipt`: made up by the client; asking again with it gives the same alerts, in case the first answer was lost. */
export const takeBody = v.strictObject({
  by,
  receipt: v.optional(v.pipe(v.string(), v.minLength(8), v.maxLength(64))),
});
export const checksBody = v.strictObject({ by, targets: v.optional(v.pipe(v.array(text), v.maxLength(1000))) });
export const recoverBody = v.strictObject({ by, playbook: v.optional(text), dryRun: flag, force: flag });
export const holdBody = v.strictObject({ by, forMs, reason: v.optional(text, ''), silent: flag });
export const silenceBody = v.strictObject({ by, forMs });
