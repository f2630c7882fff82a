import * as v from 'valibot';
import { gatewayPlace } from './gateway/place-schema.ts';

const text = v.pipe(v.string(), v.minLength(1));
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.union([v.undefined(), schema]));

/** By what a service is known, as options of an action; the config of the service gives them. */
export const serviceEntries = {
  service: text,
  argv: optional(v.pipe(v.array(v.string()), v.minLength(1))),
  cwd: optional(text),
  port: optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  match: optional(text),
  unit: optional(text),
  gateway: optional(gatewayPlace),
};
