import * as v from 'valibot';
import type { GatewayPlace } from '../../core/gateway.ts';

const path = v.pipe(v.string(), v.minLength(1));

/** For the options of checks and actions that are about a gateway. */
export const gatewayPlace: v.GenericSchema<unknown, GatewayPlace> = v.strictObject({
  brand: v.picklist(['openclaw', 'clawdbot']),
  stateFolder: path,
  configFile: path,
  lockFolders: v.array(path),
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  tls: v.optional(v.union([v.undefined(), v.boolean()])),
  unit: v.optional(v.union([v.undefined(), path])),
});
