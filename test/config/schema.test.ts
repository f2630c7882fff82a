import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import * as z from 'zod';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { nearest } from '../../src/config/nearest.ts';
import { configSchema } from '../../src/config/schema/config.ts';
import { serviceLogName } from '../../src/config/service-log.ts';
import { type Shape, shapeOf, writePath } from '../../src/config/shape.ts';
import { loaded, problems } from './homes.ts';

const examples = ['examples/minimal.yaml', 'examples/full.yaml', 'examples/original-host/config.yaml'];
const read = (file: string) => readFileSync(file, 'utf8');
/** zod reads the JSON Schema here: another program than the one that made it. */
const editor = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);

describe('the examples', () => {
  it.each(examples)('%s is right, for the daemon and for an editor', async (file) => {
    expect(await problems(read(file))).toEqual([]);
    expect(editor.safeParse(yaml.parse(read(file))).error?.issues).toBeUndefined();
  });

  it('the full one leaves out no option', async () => {
    const { config } = await loaded(read('examples/full.yaml'));
    const has = (value: unknown, key: string) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    const missing: string[] = [];
    const walk = (shape: Shape, values: readonly unknown[], path: readonly string[]) => {
      if (shape.is === 'either') walk(shape.long, values, path);
      if (shape.is === 'list') walk(shape.item, values.flat(), path);
      if (shape.is === 'record')
        walk(
          shape.value,
          values.flatMap((value) => Object.values(value ?? {})),
          [...path, 'NAME'],
        );
      if (shape.is !== 'map' || path.includes('headers') || path.includes('env')) return;
      for (const [key, entry] of Object.entries(shape.entries)) {
        const inner = values.filter((value) => has(value, key)).map((value) => (value as Record<string, unknown>)[key]);
        if (inner.length === 0) missing.push(writePath([...path, key]));
        else walk(entry, inner, [...path, key]);
      }
    };
    walk(shapeOf(configSchema), [config], []);
    expect(missing).toEqual([]);
  });
});

describe('the schema for editors', () => {
  it('is the one in the repository', () => {
    expect(JSON.parse(read('config.schema.json'))).toEqual(configJsonSchema());
  });

  it.each([
    'polcy: {}',
    'policy: { cooldown: 5 }',
    'disk: [{}]',
    'services: { a: { start: x } }',
    'memory: on',
    'policy: { mode: atc }',
  ])('finds fault with %s, as the daemon does', async (text) => {
    expect(editor.safeParse(yaml.parse(text)).success).toBe(false);
    expect(await problems(text)).not.toEqual([]);
  });

  it('has a description for every option', () => {
    const bare: string[] = [];
    const walk = (shape: Shape, path: readonly string[]) => {
      if (path.length > 0 && shape.about === undefined && shape.is !== 'map') bare.push(path.join('.'));
      if (shape.is === 'map') for (const [key, entry] of Object.entries(shape.entries)) walk(entry, [...path, key]);
      if (shape.is === 'either') walk({ ...shape.long, about: shape.about }, path);
      if (shape.is === 'list') walk(shape.item, [...path, '[]']);
      if (shape.is === 'record') walk(shape.value, [...path, 'NAME']);
    };
    walk(shapeOf(configSchema), []);
    expect(bare).toEqual([]);
  });
});

describe('suggestions', () => {
  it.each([
    ['htpp', 'http'],
    ['Max-Size', 'maxSize'],
    ['warning', 'warn'],
    ['cooldwon', 'cooldown'],
    ['zebra', undefined],
    ['', undefined],
  ])('%s → %s', (word, meant) => expect(nearest(word, ['http', 'tcp', 'maxSize', 'warn', 'cooldown'])).toBe(meant));
});

describe("the file name of a service's output", () => {
  it.each([
    ['hub', 'hub.log'],
    ['my app.v2', 'my app.v2.log'],
    ['größe 日本', 'größe 日本.log'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd.log'],
    ['.hidden', '%2Ehidden.log'],
    ['a%2Fb', 'a%252Fb.log'],
  ])('%s', (name, file) => expect(serviceLogName(name)).toBe(file));

  it('stays in its folder, fits a disk, and differs where the names differ', () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const file = serviceLogName(one);
        expect(file).not.toMatch(/[/\0]|^\./);
        expect(new TextEncoder().encode(file).length).toBeLessThanOrEqual(200);
        if (one !== other) expect(file).not.toBe(serviceLogName(other));
      }),
    );
  });
});
