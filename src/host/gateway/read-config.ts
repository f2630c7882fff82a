import { readFileSync, statSync } from 'node:fs';

/** How much of a config is read; the real ones have a few kilobytes. */
const LARGEST_BYTES = 1024 * 1024;

/**
 * The port in a gateway's config, `undefined` when it names none or cannot be read. The file is JSON5: it may have
 * comments, trailing commas and bare keys. Only this one value is wanted, so the text is searched and not parsed.
 */
export function readGatewayPort(configFile: string): number | undefined {
  const text = read(configFile);
  return text === undefined ? undefined : portIn(text);
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

/** `gateway.port`: a member `port` of the map `gateway`, which is a member of the outermost map. */
export function portIn(text: string): number | undefined {
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
      if (path.length === 2 && path[1] === 'gateway' && key === 'port') return validPort(word);
      key = word;
    } else if (kind === 'comma') key = '';
  }
  return undefined;
}

function validPort(word: string): number | undefined {
  const port = Number(word);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
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
