import type * as yaml from 'yaml';
import { MOST_LEVELS, type Place, parseYaml, START, type TextTrouble } from './parse-yaml.ts';
import { quote } from './schema/option.ts';
import type { Path } from './shape.ts';

/** What the YAML says: plain values, and where each key or item stands. */
export type ConfigDocument = {
  readonly value: unknown;
  readonly troubles: readonly TextTrouble[];
  /** False when the text is broken: then `value` is a guess and not worth judging. */
  readonly readable: boolean;
  /** The place of what stands at `path`; of its nearest parent when it is not there. */
  readonly placeOf: (path: Path) => Place;
  readonly has: (path: Path) => boolean;
};

/** A config needs a few hundred values; aliases can turn ten lines into billions ("billion laughs"). */
const MOST_VALUES = 10_000;
/** As keys of a plain object they would reach its prototype. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * Walks the tree that `yaml` made, instead of its own toJS: for the places, for a bound on what aliases expand to, and
 * for keys that are not safe. `value` is undefined for a document without content.
 */
export function readDocument(text: string, library: typeof yaml): ConfigDocument {
  const { isAlias, isMap, isScalar, isSeq } = library;
  const { contents, troubles: broken, placeAt } = parseYaml(text, library);
  const places = new Map<string, Place>();
  const troubles: TextTrouble[] = [...broken];
  const anchors = new Map<string, yaml.Node>();
  const open = new Set<yaml.Node>();
  let values = 0;

  const trouble = (node: yaml.Node, path: Path, message: string): undefined => {
    troubles.push({ place: placeOfNode(node), path, message });
    return undefined;
  };

  const value = contents ? visit(contents, []) : undefined;
  return finish(value === null ? undefined : value);

  function visit(node: yaml.Node, path: Path): unknown {
    if (spent(node)) return undefined;
    if (path.length > MOST_LEVELS) return trouble(node, [], 'is nested too deeply');
    if (isAlias(node)) return visitAlias(node, path);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    open.add(node);
    const value = isMap(node) ? visitMap(node, path) : isSeq(node) ? visitList(node, path) : undefined;
    open.delete(node);
    return value;
  }

  /** Counts every value that is reached, so that nothing can expand without end. */
  function spent(node: yaml.Node): boolean {
    values += 1;
    if (values === MOST_VALUES + 1)
      trouble(node, [], `holds more than ${MOST_VALUES} values, aliases counted as often as they are used`);
    return values > MOST_VALUES;
  }

  function visitAlias(node: yaml.Alias, path: Path): unknown {
    const target = anchors.get(node.source);
    if (target === undefined) return trouble(node, path, 'uses an alias that names no anchor before it');
    return open.has(target) ? trouble(node, path, 'is an alias of something that holds itself') : visit(target, path);
  }

  function visitList(node: yaml.YAMLSeq, path: Path): unknown[] {
    return node.items.map((item, index) => {
      const here = [...path, index];
      if (!isNode(item)) return null;
      mark(here, item);
      return visit(item, here);
    });
  }

  function visitMap(node: yaml.YAMLMap, path: Path): Record<string, unknown> {
    const into: Record<string, unknown> = {};
    const merged: yaml.Node[] = [];
    for (const pair of node.items) {
      const source = mergedBy(pair);
      if (source) merged.push(source);
      else addPair(pair, path, into, false);
    }
    for (const source of merged) merge(source, path, into);
    return into;
  }

  function addPair({ key, value }: yaml.Pair, path: Path, into: Record<string, unknown>, merging: boolean): void {
    if (!isScalar(key) || key.value === null || typeof key.value === 'object') {
      if (isNode(key)) trouble(key, path, 'has a key that is not plain text');
      return;
    }
    // Composed form: the same name typed on another system is the same name (macOS writes é as two characters).
    const name = String(key.value).normalize('NFC');
    if (FORBIDDEN_KEYS.has(name)) return trouble(key, path, `has a key ${name}, which is not allowed`);
    if (Object.hasOwn(into, name)) return merging ? undefined : trouble(key, path, `has the key ${quote(name)} twice`);
    const here = [...path, name];
    mark(here, key, value);
    into[name] = isNode(value) ? visit(value, here) : null;
  }

  /** `<<: *other` or `<<: [*one, *two]`: what is written out wins over what is merged. */
  function merge(source: yaml.Node, path: Path, into: Record<string, unknown>): void {
    if (spent(source)) return;
    const target = isAlias(source) ? anchors.get(source.source) : source;
    if (target === undefined || open.has(target))
      return trouble(source, path, 'merges something that is not there yet');
    if (isSeq(target)) {
      for (const item of target.items) if (isNode(item)) merge(item, path, into);
    } else if (isMap(target)) {
      open.add(target);
      for (const pair of target.items) if (!mergedBy(pair)) addPair(pair, path, into, true);
      for (const deeper of target.items.map(mergedBy)) if (deeper) merge(deeper, path, into);
      open.delete(target);
    } else trouble(source, path, 'merges something that is not a map');
  }

  function mergedBy({ key, value }: yaml.Pair): yaml.Node | undefined {
    return isScalar(key) && key.value === '<<' && key.type === 'PLAIN' && isNode(value) ? value : undefined;
  }

  function mark(path: Path, node: yaml.Node, value: unknown = node): void {
    const place = placeOfNode(node);
    const whole = isNode(value) && value.range ? placeAt(node.range?.[0] ?? 0, value.range[1]) : place;
    places.set(JSON.stringify(path), whole.length > 1 ? whole : place);
  }

  function placeOfNode({ range }: yaml.Node): Place {
    return placeAt(range?.[0] ?? 0, range?.[1] ?? 0);
  }

  function isNode(value: unknown): value is yaml.Node {
    return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
  }

  function finish(value: unknown): ConfigDocument {
    const placeOf = (path: Path): Place => {
      const place = places.get(JSON.stringify(path));
      if (place) return place;
      return path.length === 0 ? START : placeOf(path.slice(0, -1));
    };
    return {
      value,
      troubles,
      readable: contents !== undefined,
      placeOf,
      has: (path) => places.has(JSON.stringify(path)),
    };
  }
}
