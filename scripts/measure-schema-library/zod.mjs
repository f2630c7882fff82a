// The config in small, in zod: what valibot.mjs says in valibot.
import * as z from 'zod';

const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h|d))+$/)
  .transform(Number.parseFloat);
const percent = z
  .string()
  .regex(/^\d+%$/)
  .transform(Number.parseFloat);
const http = z.strictObject({ url: z.string(), timeout: duration.prefault('5s') });
const service = z.strictObject({ http: z.union([z.string(), http]).optional(), every: duration.prefault('10s') });
const disk = z.strictObject({ path: z.string(), warning: percent.prefault('80%'), critical: percent.prefault('90%') });
const policy = z.strictObject({
  mode: z.enum(['act', 'observe']).prefault('act'),
  maxAttemptsPerHour: z.int().min(0).prefault(3),
});
const schema = z.strictObject({
  services: z.record(z.string(), service).prefault({}),
  disk: z.array(disk).prefault([]),
  policy: policy.prefault({}),
});

/** What is wrong with `value`, in the library's own words. */
export function problems(value) {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}
