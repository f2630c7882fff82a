import type * as yaml from 'yaml';
import type { Path } from './shape.ts';

/** From 1, in UTF-16 units like editors count. `length`: how much of that line it is about. */
export type Place = { readonly line: number; readonly column: number; readonly length: number };
export const START: Place = { line: 1, column: 1, length: 1 };

/** A trouble in the text itself. `path` is what it is about, when that is known. */
export type TextTrouble = { readonly place: Place; readonly path: Path; readonly message: string };

/** A config has about six levels. */
export const MOST_LEVELS = 24;
/** Words, marks and line ends; the full example has about 1,000. */
const MOST_PIECES = 30_000;

type Parsed = {
  /** Undefined when the text is broken. */
  readonly contents: yaml.Node | null | undefined;
  readonly troubles: readonly TextTrouble[];
  readonly placeAt: (from: number, to: number) => Place;
};

/**
 * YAML text to the library's tree. In two steps, because its second one recurses: 25,000 open brackets in a row abort
 * the whole of Node there ("RegExpCompiler Allocation failed", yaml 2.9), so the depth is looked at in between.
 */
export function parseYaml(text: string, library: typeof yaml): Parsed {
  const { Composer, LineCounter } = library;
  const lines = new LineCounter();
  const placeAt = (from: number, to: number): Place => {
    const { line, col } = lines.linePos(from);
    const end = lines.linePos(to);
    const length = end.line === line ? Math.max(1, end.col - col) : 1;
    return { line: Math.max(1, line), column: Math.max(1, col), length };
  };
  const refuse = (place: Place, message: string): Parsed => {
    return { contents: undefined, troubles: [{ place, path: [], message }], placeAt };
  };

  const tokens = tokensOf(text, lines, library);
  if (tokens === undefined) return refuse(START, 'is far larger than any config');
  const deep = tooDeep(tokens);
  if (deep !== undefined) return refuse(placeAt(deep, deep), 'is nested too deeply');
  // `core` also for documents that declare %YAML 1.1, where `no` is false and 1:30 is 90. Keys that are there twice are
  // found by the walk: the library compares every key with every other.
  const composer = new Composer({ schema: 'core', prettyErrors: false, uniqueKeys: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return { contents: null, troubles: [], placeAt };
  const troubles = [...document.errors, ...document.warnings].map(({ pos, code, message }): TextTrouble => {
    return { place: placeAt(...pos), path: [], message: plainWords(code, message) };
  });
  const open = troubles.length > 0 ? unclosedAt(tokens) : undefined;
  // The library notices it where the list or map should go on; a person looks for the bracket.
  if (open !== undefined) return refuse(placeAt(open, open + 1), 'opens a bracket here that is not closed');
  if (troubles.length > 0) return { contents: undefined, troubles, placeAt };
  if (second !== undefined)
    return refuse(placeAt(second.range[0], second.range[0]), 'begins a second document (---), one is allowed');
  return { contents: document.contents, troubles: [], placeAt };
}

/** What `Parser.parse` does, but it stops where a config has long ended: a megabyte of quotes would take a minute. */
function tokensOf(text: string, lines: yaml.LineCounter, { Lexer, Parser }: typeof yaml): yaml.CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: yaml.CST.Token[] = [];
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    pieces += 1;
    if (pieces > MOST_PIECES) return undefined;
    tokens.push(...parser.next(piece));
  }
  tokens.push(...parser.end());
  return tokens;
}

type Token = { readonly offset?: number; readonly value?: unknown; readonly key?: unknown; readonly items?: unknown };

/** Where the text is nested deeper than any config, if it is. Without recursion, for that is what it guards. */
function tooDeep(tokens: readonly yaml.CST.Token[]): number | undefined {
  const open: { readonly token: Token; readonly depth: number; readonly offset: number }[] = [];
  for (const token of tokens) open.push({ token, depth: 0, offset: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const offset = token.offset ?? next.offset;
    // A level of the config is up to three of tokens: the list, its item, the item's value.
    if (depth > MOST_LEVELS * 3) return offset;
    const items: readonly unknown[] = Array.isArray(token.items) ? token.items : [];
    for (const each of [token.value, token.key, ...items]) {
      if (typeof each === 'object' && each !== null) open.push({ token: each, depth: depth + 1, offset });
    }
  }
  return undefined;
}

const CLOSES: readonly string[] = ['flow-map-end', 'flow-seq-end'];

/** Offset of the first bracket that nothing closes. */
function unclosedAt(tokens: readonly yaml.CST.Token[]): number | undefined {
  const open: yaml.CST.Token[] = [...tokens];
  const found: number[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === 'flow-collection' && !next.end.some(({ type }) => CLOSES.includes(type)))
      found.push(next.start.offset);
    const items = 'items' in next ? next.items : [];
    const inside = [
      ...items.flatMap(({ key, value }) => [key, value]),
      next.type === 'document' ? next.value : undefined,
    ];
    for (const each of inside) if (each !== undefined && each !== null) open.push(each);
  }
  return found.length === 0 ? undefined : Math.min(...found);
}

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'is indented with a tab, YAML wants spaces',
  MISSING_CHAR: 'lacks a character: a quote, bracket or comma is not closed',
  MULTILINE_IMPLICIT_KEY: 'has a key that goes over several lines: is a colon or quote missing?',
  BAD_INDENT: 'is indented differently from the lines around it, or a bracket is not closed',
  TAG_RESOLVE_FAILED: 'uses a tag (!) that means nothing here',
};

/** The library's message never quotes more than a character or an anchor's name, so no secret is in it. */
function plainWords(code: string, message: string): string {
  return PLAIN_WORDS[code] ?? `is not valid YAML: ${message.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 160)}`;
}
