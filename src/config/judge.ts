import { homedir } from 'node:os';
import { dirname } from 'node:path';
import * as v from 'valibot';
import type { ConfigDocument } from './document.ts';
import { applyOverrides, dropEmptySections, readOverrides } from './environment.ts';
import { interpolate } from './interpolate.ts';
import { findingOf } from './issues.ts';
import type { ConfigReading, ConfigSource } from './load.ts';
import { aboutFile, type Finding, locate, type Problem } from './problems.ts';
import { ruleFindings } from './rules.ts';
import { configSchema } from './schema/config.ts';
import { quote } from './schema/option.ts';
import { sealSecrets } from './seal.ts';
import { type Path, shapeOf, writePath } from './shape.ts';
import { structureFindings } from './structure.ts';

type Material = Pick<ConfigSource, 'home' | 'env'> & {
  readonly file: string;
  readonly stamp: string;
  readonly ownPlaybooks: readonly string[];
  /** The file as it is called in messages. */
  readonly name: string;
  readonly document: ConfigDocument | undefined;
};

/** What the file says, as a config or as the list of everything that is wrong with it. `document`: undefined without a file. */
export function judge({ file, name, stamp, home, env, ownPlaybooks, document }: Material): ConfigReading {
  const homeFolder = env['HOME'] || homedir();
  const shape = shapeOf(configSchema);
  const troubles = (document?.troubles ?? []).map(({ place, path, message }): Problem => {
    return { severity: 'error', file: name, ...place, path: writePath(path), message };
  });
  if (document?.readable === false) return refuse(troubles, name);
  const { overrides, warnings } = readOverrides(env, shape);
  const names = new Map(overrides.map(({ path, name: variable }) => [JSON.stringify(path), variable]));
  const place = (finding: Finding) => locate(finding, name, document, names);
  const tree = document?.value ?? {};
  if (!isMap(tree))
    return refuse(
      [...troubles, place({ path: [], message: `is ${quote(tree)}, a map (lines of key: value) is needed` })],
      name,
    );

  const sections = dropEmptySections(tree);
  const filled = interpolate(sections.value, env);
  const settled = applyOverrides(filled.value, overrides);
  const parsed = v.safeParse(configSchema, settled);
  const found = [
    ...sections.findings,
    ...filled.findings,
    ...structureFindings(settled, shape),
    ...(parsed.success
      ? ruleFindings(parsed.output, { homeFolder, home, ownPlaybooks, wrote: (path) => document?.has(path) ?? false })
      : parsed.issues.flatMap((issue) => findingOf(issue, shape) ?? [])),
  ];
  const problems = [...troubles, ...found.map(place), ...warnings].toSorted(byPlace);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !parsed.success) return refuse(errors, name);

  const configured = document?.value !== undefined;
  const empty =
    document !== undefined && !configured
      ? [aboutFile(name, 'is empty and counts as no config: nothing is acted on', 'warning')]
      : [];
  const written = (path: Path) => {
    const value = document?.has(path) ? valueAt(tree, path) : undefined;
    return document === undefined || value === undefined ? undefined : { value, place: document.placeOf(path) };
  };
  const config = sealSecrets(parsed.output, dirname(file), homeFolder);
  return {
    ok: true,
    loaded: {
      file,
      name,
      stamp,
      configured,
      config,
      warnings: [...empty, ...problems],
      homeFolder,
      overrides,
      written,
    },
  };
}

/** More than this nobody reads; a file that is no config at all can have thousands. */
const MOST_PROBLEMS = 50;

function refuse(all: readonly Problem[], name: string): Extract<ConfigReading, { ok: false }> {
  const shown = all.slice(0, MOST_PROBLEMS);
  const more = all.length - shown.length;
  const problems = more === 0 ? shown : [...shown, aboutFile(name, `has ${more} more problems`)];
  return { ok: false, code: 'CONFIG_INVALID', problems, frames: [] };
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined),
    tree,
  );
}
