import { type ConfigDocument, readDocument } from './document.ts';
import { judge } from './judge.ts';
import { type ConfigSource, configFileOf, configStamp, type LoadedConfig } from './load.ts';
import { nearest } from './nearest.ts';
import { ownPlaybookNames } from './playbook-names.ts';
import { aboutFile, ConfigError, type Problem } from './problems.ts';
import { readSmallText } from './read-text.ts';
import { quote } from './schema/option.ts';
import { type Path, writePath } from './shape.ts';

/** What a policy file may hold: how to judge, act and tell, and not where to look. */
const SECTIONS: readonly string[] = ['policy', 'limits', 'alerts', 'holds', 'services', 'disk', 'memory', 'logs'];
/** By what an item of a list is the same one as in the config. */
const KEY_OF: Readonly<Record<string, string>> = { disk: 'path', logs: 'match' };
const MOST_BYTES = 1024 * 1024;

type Map_ = Readonly<Record<string, unknown>>;

/**
 * The config as it would be with the options of another file over it. Throws ConfigError with the line and column in
 * that file; the config itself is expected to be right.
 */
export async function overlayConfig(source: ConfigSource, policyFile: string): Promise<LoadedConfig> {
  const library = await import('yaml');
  const read = readSmallText(policyFile, MOST_BYTES);
  if (!read.ok) throw new ConfigError('CONFIG_UNREADABLE', [aboutFile(policyFile, read.because)]);
  const over = readDocument(read.text, library);
  const file = configFileOf(source);
  const own = readSmallText(file, MOST_BYTES);
  const base = own.ok ? readDocument(own.text, library) : undefined;
  const baseValue = isMap(base?.value) ? base.value : {};
  const strange = isMap(over.value) ? strangeKeys(over, over.value, baseValue, policyFile) : [];
  if (strange.length > 0) throw new ConfigError('CONFIG_INVALID', strange);
  const document = merged(base, over, baseValue);
  const { home, env } = source;
  const material = { file, name: policyFile, stamp: configStamp(source), home, env };
  const reading = judge({ ...material, ownPlaybooks: ownPlaybookNames(home), document });
  if (!reading.ok) throw new ConfigError(reading.code, reading.problems);
  return reading.loaded;
}

/** Sections that have nothing to do with it, and targets that the config does not have: most are slips of the hand. */
function strangeKeys(over: ConfigDocument, value: Map_, base: Map_, name: string): readonly Problem[] {
  const problem = (path: Path, message: string, known: readonly string[]): Problem => {
    const meant = nearest(String(path.at(-1)), known);
    const about = { severity: 'error', file: name, ...over.placeOf(path), path: writePath(path), message } as const;
    return meant === undefined ? about : { ...about, didYouMean: meant };
  };
  const sections = Object.keys(value).filter((key) => !SECTIONS.includes(key));
  const services = isMap(base['services']) ? Object.keys(base['services']) : [];
  const written = isMap(value['services']) ? Object.keys(value['services']) : [];
  const items = Object.keys(KEY_OF).flatMap((section) =>
    itemsOf(value[section]).flatMap((item, index) =>
      placeIn(itemsOf(base[section]), item, section) >= 0
        ? []
        : [problem([section, index], `is not in the config: its ${KEY_OF[section]} says which one it is`, [])],
    ),
  );
  return [
    ...sections.map((key) => problem([key], `is no part of a policy; there are ${SECTIONS.join(', ')}`, SECTIONS)),
    ...written
      .filter((key) => !services.includes(key))
      .map((key) =>
        problem(['services', key], `is no service of the config (${services.map(quote).join(', ')})`, services),
      ),
    ...items,
  ];
}

function merged(base: ConfigDocument | undefined, over: ConfigDocument, baseValue: Map_): ConfigDocument {
  if (!isMap(over.value) || !over.readable) return over;
  const lists = Object.keys(KEY_OF).map((section) => {
    const [mine, theirs] = [
      itemsOf(baseValue[section]),
      itemsOf(over.value && isMap(over.value) ? over.value[section] : []),
    ];
    const places = theirs.map((item) => placeIn(mine, item, section));
    const items = mine.map((item, index) => mergeValues(item, theirs[places.indexOf(index)]));
    return { section, items, places };
  });
  const plain = mergeValues(baseValue, over.value);
  const value = isMap(plain) ? { ...plain } : {};
  for (const { section, items, places } of lists) if (places.length > 0) value[section] = items;
  /** Where it stands in the policy file. */
  const there = (path: Path): Path => {
    const [section, index, ...rest] = path;
    const list = lists.find((one) => one.section === section && one.places.length > 0);
    const place = typeof index === 'number' ? (list?.places.indexOf(index) ?? index) : -1;
    return list === undefined || typeof index !== 'number' ? path : [list.section, place, ...rest];
  };
  return {
    value,
    troubles: over.troubles,
    readable: true,
    placeOf: (path) => over.placeOf(there(path)),
    has: (path) => over.has(there(path)) || base?.has(path) === true,
  };
}

function placeIn(items: readonly unknown[], item: unknown, section: string): number {
  const key = KEY_OF[section] ?? '';
  const named = isMap(item) ? item[key] : item;
  return items.findIndex((one) => (isMap(one) ? one[key] : one) === named);
}

function mergeValues(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isMap(base) || !isMap(over)) return over;
  const both = { ...base };
  for (const [key, value] of Object.entries(over)) both[key] = mergeValues(base[key], value);
  return both;
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
