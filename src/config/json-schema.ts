import { configSchema } from './schema/config.ts';
import { type Shape, shapeOf } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Schema (draft 7, what yaml-language-server reads) of what may be written in config.yaml: completion, hover texts
 * and first checks in an editor. It allows a little more than the daemon does (limits between options are not in it).
 */
export function configJsonSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'jarvis-health config.yaml',
    ...jsonOf(shapeOf(configSchema)),
  };
}

function jsonOf(shape: Shape): Json {
  const form = formOf(shape);
  const { about, byDefault } = shape;
  const hasDefault = byDefault !== undefined && !isEmptyMap(byDefault);
  return {
    ...(about === undefined ? {} : { description: textOf(about.description, about.derived) }),
    ...form,
    ...(hasDefault ? { default: byDefault } : {}),
    ...(about?.examples === undefined ? {} : { examples: about.examples }),
  };
}

function formOf(shape: Shape): Json {
  switch (shape.is) {
    case 'scalar':
      return shape.kind.json;
    case 'list':
      return { type: 'array', items: jsonOf(shape.item) };
    case 'record':
      return { type: 'object', additionalProperties: jsonOf(shape.value) };
    case 'either':
      return { anyOf: [jsonOf(shape.short), jsonOf(shape.long)] };
    case 'map': {
      const entries = Object.entries(shape.entries);
      const required = entries.filter(([, entry]) => entry.required).map(([key]) => key);
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([key, entry]) => [key, jsonOf(entry)])),
        additionalProperties: false,
        ...(required.length > 0 ? { required } : {}),
      };
    }
  }
}

function textOf(description: string, derived: string | undefined): string {
  return derived === undefined ? description : `${description} Default: ${derived}.`;
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
