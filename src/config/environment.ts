import { nearest } from './nearest.ts';
import type { Finding, Problem } from './problems.ts';
import type { Raw } from './schema/option.ts';
import type { Path, Shape } from './shape.ts';

const PREFIX = 'JARVIS_HEALTH_';
/** Not options of the config: where the home folder is, and the mark on started services. */
const OTHER_NAMES = new Set(['JARVIS_HEALTH_HOME', 'JARVIS_HEALTH_SERVICE']);

export type Override = { readonly path: Path; readonly name: string; readonly raw: Raw };

/** `JARVIS_HEALTH_POLICY_MAX_ATTEMPTS_PER_HOUR` → `policy.maxAttemptsPerHour`, for every scalar outside lists and services. */
export function overridable(root: Shape): ReadonlyMap<string, Path> {
  const names = new Map<string, Path>();
  const walk = (shape: Shape, path: Path): void => {
    if (shape.is === 'scalar') names.set(variableOf(path), path);
    if (shape.is === 'map') for (const [key, entry] of Object.entries(shape.entries)) walk(entry, [...path, key]);
    if (shape.is === 'either') for (const form of [shape.short, shape.long]) walk(form, path);
  };
  walk(root, []);
  return names;
}

export function variableOf(path: Path): string {
  return (
    PREFIX +
    path
      .map((key) =>
        String(key)
          .replace(/[A-Z]/g, (letter) => `_${letter}`)
          .toUpperCase(),
      )
      .join('_')
  );
}

/** What the environment sets, and a warning for each of our variables that sets nothing. An empty one counts as not set. */
export function readOverrides(
  environment: Readonly<Record<string, string | undefined>>,
  root: Shape,
): { overrides: readonly Override[]; warnings: readonly Problem[] } {
  const known = overridable(root);
  const overrides: Override[] = [];
  const warnings: Problem[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined || text === '' || OTHER_NAMES.has(name)) continue;
    const path = known.get(name);
    if (path !== undefined) overrides.push({ path, name, raw: rawOf(text) });
    else warnings.push(unknownVariable(name, [...known.keys()]));
  }
  return { overrides, warnings };
}

function unknownVariable(name: string, known: readonly string[]): Problem {
  const meant = nearest(
    name.slice(PREFIX.length),
    known.map((each) => each.slice(PREFIX.length)),
  );
  return {
    severity: 'warning',
    file: name,
    line: undefined,
    column: undefined,
    path: '',
    message: 'is not an option that the environment can set, it is ignored',
    ...(meant === undefined ? {} : { didYouMean: PREFIX + meant }),
  };
}

/** The scalar that YAML would have made of it. */
function rawOf(text: string): Raw {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** A copy of `value` with the overrides in place. A parent that is no map (`memory: off`) gives way. */
export function applyOverrides(
  value: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  return overrides.reduce<Record<string, unknown>>((root, { path, raw }) => put(root, path, raw), { ...value });
}

function put(parent: Readonly<Record<string, unknown>>, [key, ...rest]: Path, raw: Raw): Record<string, unknown> {
  if (key === undefined) return { ...parent };
  const child = parent[key];
  const map = typeof child === 'object' && child !== null && !Array.isArray(child) ? { ...child } : {};
  return { ...parent, [key]: rest.length === 0 ? raw : put(map, rest, raw) };
}

/** Sections whose options are all commented out (`policy:` and nothing below) count as left out; say so once. */
export function dropEmptySections(value: Readonly<Record<string, unknown>>): {
  value: Record<string, unknown>;
  findings: readonly Finding[];
} {
  const entries = Object.entries(value);
  const empty = entries.filter(([, section]) => section === null).map(([key]) => key);
  return {
    value: Object.fromEntries(entries.filter(([, section]) => section !== null)),
    findings: empty.map((key) => ({ path: [key], severity: 'warning', message: 'is empty and counts as left out' })),
  };
}
