// The config in small, in valibot: what zod.mjs says in zod.
import * as v from 'valibot';

const duration = v.pipe(v.string(), v.regex(/^(\d+(\.\d+)?(ms|s|m|h|d))+$/), v.transform(Number.parseFloat));
const percent = v.pipe(v.string(), v.regex(/^\d+%$/), v.transform(Number.parseFloat));
const http = v.strictObject({ url: v.string(), timeout: v.optional(duration, '5s') });
const service = v.strictObject({ http: v.optional(v.union([v.string(), http])), every: v.optional(duration, '10s') });
const disk = v.strictObject({
  path: v.string(),
  warning: v.optional(percent, '80%'),
  critical: v.optional(percent, '90%'),
});
const policy = v.strictObject({
  mode: v.optional(v.picklist(['act', 'observe']), 'act'),
  maxAttemptsPerHour: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 3),
});
const schema = v.strictObject({
  services: v.optional(v.record(v.string(), service), {}),
  disk: v.optional(v.array(disk), []),
  policy: v.optional(policy, {}),
});

/** What is wrong with `value`, in the library's own words. */
export function problems(value) {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
}
