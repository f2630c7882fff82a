import type * as yaml from 'yaml';
import type { Path } from './shape.ts';

/** `length`: how much of that line it is about. */
export type Place = { readonly line: number; readonly column: number; readonly length: number };

/** A trouble in the text itself. `path` is what it is about, when that is known. */
export type TextTrouble = { readonly place: Place; readonly path: Path; readonly message: string };

/** What the YAML says: plain values, and where each key or item stands (from 1, in UTF-16 units like editors count). */
export type ConfigDocument = {
  readonly value: unknown;
  readonly troubles: readonly TextTrouble[];
  /** False when the text is broken: then `value` is a guess and not worth judging. */
  readonly readable: boolean;
  /** The place of what stands at `path`; of its nearest parent when it is not there. */
  readonly placeOf: (path: Path) => Place;
  readonly has: (path: Path) => boolean;
};

/** A config needs a few hundred values and six levels; aliases can turn ten lines into billions ("billion laughs"). */
const MOST_VALUES = 20_000;
const MOST_LEVELS = 24;
const START: Place = { line: 1, column: 1, length: 1 };
/** As keys of a plain object they would reach its prototype. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * Walks the tree that `yaml` made, instead of its own toJS: for the places, for a bound on what aliases expand to, and
 * for keys that are not safe. `value` is undefined for a document without content.
 */
export function readDocument(
  text: string,
  { parseDocument, isAlias, isMap, isScalar, isSeq, LineCounter }: typeof yaml,
): ConfigDocument {
  const lines = new LineCounter();
  const places = new Map<string, Place>();
  const troubles: TextTrouble[] = [];
  const anchors = new Map<string, yaml.Node>();
  const open = new Set<yaml.Node>();
  let values = 0;
  let readable = true;

  const placeAt = (from: number, to: number): Place => {
    const { line, col } = lines.linePos(from);
    const end = lines.linePos(to);
    return {
      line: Math.max(1, line),
      column: Math.max(1, col),
      length: end.line === line ? Math.max(1, end.col - col) : 1,
    };
  };
  const trouble = (node: yaml.Node, path: Path, message: string): undefined => {
    troubles.push({ place: placeOfNode(node), path, message });
    return undefined;
  };

  const parsed = parse();
  if (parsed === undefined) return finish(undefined);
  const value = parsed.contents === null ? undefined : visit(parsed.contents, []);
  return finish(value === null ? undefined : value);

  function parse(): yaml.Document.Parsed | undefined {
    try {
      // `core` also for documents that declare %YAML 1.1, where `no` is false and 1:30 is 90.
      const document = parseDocument(text, {
        schema: 'core',
        lineCounter: lines,
        prettyErrors: false,
        uniqueKeys: true,
      });
      for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
        troubles.push({ place: placeAt(...pos), path: [], message: plainWords(code, message) });
        if (code !== 'DUPLICATE_KEY') readable = false;
      }
      return document;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      troubles.push({ place: START, path: [], message: 'is nested too deeply' });
      readable = false;
      return undefined;
    }
  }

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
    // A missing anchor is among the parser's own errors; one that is still open holds itself.
    if (target === undefined) return undefined;
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
    if (Object.hasOwn(into, name))
      return merging ? undefined : trouble(key, path, `has the key ${JSON.stringify(name)} twice`);
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
    return { value, troubles, readable, placeOf, has: (path) => places.has(JSON.stringify(path)) };
  }
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'is indented with a tab, YAML wants spaces',
  DUPLICATE_KEY: 'has the same key twice',
  MULTIPLE_DOCS: 'begins a second document (---), one is allowed',
  BAD_ALIAS: 'uses an alias that names no anchor',
  MISSING_CHAR: 'lacks a character: a quote, bracket or comma is not closed',
  MULTILINE_IMPLICIT_KEY: 'has a key that goes over several lines: is a colon or quote missing?',
  BAD_INDENT: 'is indented differently from the lines around it',
  TAG_RESOLVE_FAILED: 'uses a tag (!) that means nothing here',
};

/** The parser's message never quotes more than a character or an anchor's name, so no secret is in it. */
function plainWords(code: string, message: string): string {
  return PLAIN_WORDS[code] ?? `is not valid YAML: ${message.replace(/\s+/g, ' ').slice(0, 160)}`;
}
