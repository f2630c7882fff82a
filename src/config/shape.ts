import * as v from 'valibot';
import type { About, Kind, Notes } from './schema/option.ts';

/** The schema as a plain tree, for whoever explains it: messages, environment names, JSON Schema, docs, `config show`. */
export type Shape = { readonly about: About | undefined; readonly byDefault: unknown; readonly required: boolean } & (
  | { readonly is: 'scalar'; readonly kind: Kind<unknown> }
  | { readonly is: 'map'; readonly entries: Readonly<Record<string, Shape>> }
  | { readonly is: 'record'; readonly value: Shape }
  | { readonly is: 'list'; readonly item: Shape }
  | { readonly is: 'either'; readonly short: Shape; readonly long: Shape }
);

const known = new WeakMap<v.GenericSchema, Shape>();

/** Made once for each schema. Throws on a valibot schema that option.ts does not make: a new kind of schema wants words here first. */
export function shapeOf(schema: v.GenericSchema): Shape {
  const shape = known.get(schema) ?? makeShape(schema);
  known.set(schema, shape);
  return shape;
}

function makeShape(schema: v.GenericSchema): Shape {
  if (isWrapper(schema)) {
    const inner = shapeOf(schema.wrapped);
    return { ...inner, byDefault: schema.default, required: false };
  }
  const { about, kind } = v.getMetadata(schema as Parameters<typeof v.getMetadata>[0]) as Notes;
  const common = { about, byDefault: undefined, required: true };
  if (kind !== undefined) return { ...common, is: 'scalar', kind };
  if ('alternatives' in schema) {
    const [short, long] = schema.alternatives as readonly [v.GenericSchema, v.GenericSchema];
    return { ...common, is: 'either', short: shapeOf(short), long: shapeOf(long) };
  }
  if ('entries' in schema) {
    const entries = Object.entries(schema.entries as Record<string, v.GenericSchema>);
    return { ...common, is: 'map', entries: Object.fromEntries(entries.map(([key, entry]) => [key, shapeOf(entry)])) };
  }
  if ('item' in schema) return { ...common, is: 'list', item: shapeOf(schema.item as v.GenericSchema) };
  if ('value' in schema) return { ...common, is: 'record', value: shapeOf(schema.value as v.GenericSchema) };
  throw new TypeError(`no shape for a schema of type ${schema.type}`);
}

function isWrapper(
  schema: v.GenericSchema,
): schema is v.GenericSchema & { wrapped: v.GenericSchema; default: unknown } {
  return 'wrapped' in schema;
}

export type Path = readonly (string | number)[];

/** The shape of what stands at `path`; of two forms the long one, unless the path ends there. */
export function shapeAt(shape: Shape, path: Path): Shape | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return shape;
  if (shape.is === 'map') {
    const entry = Object.hasOwn(shape.entries, key) ? shape.entries[key] : undefined;
    return entry && shapeAt(entry, rest);
  }
  if (shape.is === 'record') return shapeAt(shape.value, rest);
  if (shape.is === 'list') return shapeAt(shape.item, rest);
  return shape.is === 'either' ? shapeAt(shape.long, path) : undefined;
}

/** `services.hub.http.url`, `disk[0].warning`, `services["my app"].start[1]`. */
export function writePath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}'))}]`;
  }
  return text;
}
