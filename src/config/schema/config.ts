import * as v from 'valibot';
import { alerts, log, server } from './daemon.ts';
import { described } from './option.ts';
import { holds, limits, policy } from './policy.ts';
import { disks, logs, memory } from './resources.ts';
import { service } from './service.ts';

/**
 * config.yaml: the one place where an option is named, described and given its default. Error messages, the names of
 * the environment variables, config.schema.json, docs/config.md and `config show` are all made from it.
 * What one option says about another is in rules.ts.
 */
export const configSchema = v.strictObject({
  services: v.optional(
    described(v.record(v.string(), described(service, 'A service.')), 'Programs to keep alive, by name.', {
      examples: [{ web: { http: 'http://127.0.0.1:3000/', start: ['python3', 'app.py'], cwd: '~/web' } }],
    }),
    {},
  ),
  disk: v.exactOptional(disks),
  memory: v.exactOptional(memory),
  logs: v.optional(logs, []),
  policy: v.optional(policy, {}),
  limits: v.optional(limits, {}),
  alerts: v.optional(alerts, {}),
  holds: v.optional(holds, {}),
  log: v.optional(log, {}),
  server: v.optional(server, {}),
});

/** Validated, fixed defaults filled in. Durations in ms, sizes in bytes, shares in percent; paths as written. */
export type Config = v.InferOutput<typeof configSchema>;
export type ServiceConfig = Config['services'][string];
