import { readFileSync, statSync } from 'node:fs';

/** How much of a config is read; the real ones have a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;

/** What of a gateway's config says where it answers; what is not written is `undefined`. */
export type GatewayConfig = { readonly port: number | undefined; readonly tls: boolean };

/**
 * Reads the little that is wanted of a gateway's config. The file is JSON5: it may have comments, trailing commas and
 * bare keys; so the text is searched for the members and not parsed. One that cannot be read says nothing.
 */
export function readGatewayConfig(configFile: string): GatewayConfig {
  const text = read(configFile) ?? '';
  return {
    port: validPort(memberIn(text, ['gateway', 'port'])),
    tls: memberIn(text, ['gateway', 'tls', 'enabled']) === 'true',
  };
}

/** Another text each time the config changes. */
export function stampOfConfig(configFile: string): string {
  const stat = statSync(configFile, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

function read(file: string): string | undefined {
  try {
    return statSync(file).size > LARGEST_BYTES ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The value of a member, found by the keys that lead to it from the outermost map; text, number or word alike. */
export function memberIn(text: string, keys: readonly string[]): string | undefined {
  const path: string[] = [];
  let key = '';
  for (const { kind, text: word } of tokens(text)) {
    if (kind === 'open') {
      path.push(key);
      key = '';
    } else if (kind === 'close') {
      path.pop();
      key = '';
    } else if (kind === 'word') {
      if ([...path.slice(1), key].join('\0') === keys.join('\0')) return word;
      key = word;
    } else key = '';
  }
  return undefined;
}

function validPort(word: string | undefined): number | undefined {
  const port = Number(word);
  return word !== undefined && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

type Token = { readonly kind: 'open' | 'close' | 'comma' | 'word'; readonly text: string };

const PARTS =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([{[])|([}\]])|(,)|([^\s{}[\],:"'/]+)/g;

function* tokens(text: string): Generator<Token> {
  for (const [, double, single, open, close, comma, bare] of text.matchAll(PARTS)) {
    const word = double ?? single ?? bare;
    if (word !== undefined) yield { kind: 'word', text: word };
    else if (open !== undefined) yield { kind: 'open', text: open };
    else if (close !== undefined) yield { kind: 'close', text: close };
    else if (comma !== undefined) yield { kind: 'comma', text: comma };
  }
}
