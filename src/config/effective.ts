import { type CompleteConfig, PRESETS } from './complete.ts';
import type { LoadedConfig } from './load.ts';
import { completed, type Found } from './plan.ts';
import { configSchema } from './schema/config.ts';
import { Secret } from './secret.ts';
import { type Path, type Shape, shapeOf, writePath } from './shape.ts';

/** One option as it is in force, and where its value came from. Secrets read `[secret]`. */
export type EffectiveOption = {
  readonly path: Path;
  /** As a person would write it. */
  readonly value: string;
  /** `config.yaml:7`, the name of an environment variable, `default` (with its rule), or `policy.cooldown` it follows. */
  readonly origin: string;
};

/** Every option in force, in the order of the schema: what `config show` prints. */
export function effectiveConfig(
  loaded: LoadedConfig,
  found: Pick<Found, 'mounts'>,
  fileName = 'config.yaml',
): readonly EffectiveOption[] {
  const config: CompleteConfig = completed(loaded, found);
  const options: EffectiveOption[] = [];

  function walk(value: unknown, shape: Shape, path: Path): void {
    if (value === undefined) return;
    if (shape.is === 'either') {
      const short =
        shape.short.is === 'scalar' && (value === 'off' || value instanceof Secret || typeof value === 'string');
      walk(value, short ? shape.short : shape.long, path);
    } else if (shape.is === 'scalar') add(path, shape.kind.write(value), shape);
    else if (shape.is === 'list') walkList(value as readonly unknown[], shape.item, shape, path);
    else {
      const entries = Object.entries(value as Record<string, unknown>);
      const keys = shape.is === 'map' ? Object.keys(shape.entries) : entries.map(([key]) => key);
      const byKey = new Map(entries);
      for (const key of keys) {
        const next = shape.is === 'map' ? shape.entries[key] : shape.value;
        if (next) walk(byKey.get(key), next, [...path, key]);
      }
      if (entries.length === 0) add(path, '{}', shape);
    }
  }

  function walkList(items: readonly unknown[], item: Shape, shape: Shape, path: Path): void {
    if (item.is === 'map' && items.length > 0)
      for (const [index, each] of items.entries()) walk(each, item, [...path, index]);
    else add(path, `[${items.map((each) => (item.is === 'scalar' ? item.kind.write(each) : '')).join(', ')}]`, shape);
  }

  function add(path: Path, value: string, shape: Shape): void {
    const raw = loaded.written(path)?.value;
    const variable = loaded.overrides.find((each) => writePath(each.path) === writePath(path));
    // As written: `~` and `${NAME}` stay, and nothing that was looked up is shown.
    const asWritten = typeof raw === 'string' && value !== '[secret]' && raw.includes('${') ? raw : value;
    options.push({ path, value: variable === undefined ? asWritten : value, origin: originOf(path, shape) });
  }

  function originOf(path: Path, shape: Shape): string {
    const variable = loaded.overrides.find((each) => writePath(each.path) === writePath(path));
    if (variable !== undefined) return variable.name;
    const written = loaded.written(path) ?? shorthand(path);
    if (written !== undefined) return `${fileName}:${written.place.line}`;
    if (writePath(path) === 'policy.mode' && !loaded.configured) return 'without a config nothing is acted on';
    if (isOfPreset(path)) return 'preset: gateway';
    const derived = shape.about?.derived;
    return derived === undefined ? 'default' : /^policy\.\w+$/.test(derived) ? derived : `default: ${derived}`;
  }

  function isOfPreset([section, name, ...rest]: Path): boolean {
    const service = section === 'services' ? loaded.config.services[String(name)] : undefined;
    const [first, second] = rest;
    const key = first === 'policy' ? second : first;
    return service?.preset !== undefined && Object.hasOwn(PRESETS[service.preset], String(key));
  }

  /** `http: URL` is where `http.url` was written. */
  function shorthand(path: Path): ReturnType<LoadedConfig['written']> {
    const parent = loaded.written(path.slice(0, -1));
    return typeof parent?.value === 'string' && /^(url|address)$/.test(String(path.at(-1))) ? parent : undefined;
  }

  walk(config, shapeOf(configSchema), []);
  return options;
}

/** The options as YAML, each with its origin in a comment. */
export function writeEffective(options: readonly EffectiveOption[]): string {
  const lines: string[] = [];
  let before: Path = [];
  for (const { path, value, origin } of options) {
    let shared = 0;
    while (shared < path.length - 1 && path[shared] === before[shared]) shared += 1;
    for (let depth = shared; depth < path.length - 1; depth += 1) {
      if (typeof path[depth + 1] === 'number' || typeof path[depth] !== 'number')
        lines.push(`${indent(path, depth)}${keyOf(path[depth])}:`);
    }
    const line = `${indent(
      path,
      path.length - 1,
      path.slice(0, -1).some((key, at) => typeof key === 'number' && before[at] !== key),
    )}${keyOf(path.at(-1))}: ${value}`;
    const whole = `${line.padEnd(46)} # ${origin}`;
    if (whole.length > 80) lines.push(`${/^[ -]*/.exec(line)?.[0].replaceAll('-', ' ') ?? ''}# ${origin}`, line);
    else lines.push(whole);
    before = path;
  }
  return `${lines.join('\n')}\n`;
}

/** Two spaces a level; a list's item begins with a dash on its first line. */
function indent(path: Path, depth: number, first = false): string {
  const inList = path.slice(0, depth).filter((key) => typeof key === 'number').length;
  const spaces = '  '.repeat(depth);
  return first && inList > 0 && typeof path[depth - 1] === 'number' ? `${spaces.slice(2)}- ` : spaces;
}

function keyOf(key: string | number | undefined): string {
  return typeof key === 'string' && !/^[\p{L}_][\p{L}\p{N}_ .-]*$/u.test(key) ? JSON.stringify(key) : String(key ?? '');
}
