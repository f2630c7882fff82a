import { variableOf } from './environment.ts';
import { configSchema } from './schema/config.ts';
import { type Path, type Shape, shapeOf } from './shape.ts';

/** docs/config.md: every option with its meaning, form, default and environment variable, from the schema alone. */
export function configReference(example: string): string {
  const root = shapeOf(configSchema);
  if (root.is !== 'map') throw new TypeError('the config is a map');
  const sections = Object.entries(root.entries).flatMap(([key, shape]) => section(key, shape));
  return [INTRODUCTION, '## An example\n', '```yaml', example.trim(), '```\n', ...sections].join('\n');
}

const INTRODUCTION = `# config.yaml

<!-- Made from src/config/schema/ by \`npm run generate\`. Edit the descriptions there. -->

The config lies in the home folder (\`~/jarvis-health/config.yaml\`, or \`--config FILE\`). Without one the daemon watches what
it finds and acts on nothing. A change is picked up without a restart, but for \`log\` and
\`alerts.pendingFile\`, of which a notice says so; a wrong config is refused with file, line and
column, and the last good one stays in force. That raises no alert, for nothing is in trouble: \`status\`, \`doctor\`, the page and
\`health.txt\` say so until it is mended.

- Durations: \`500ms\`, \`30s\`, \`5m\`, \`1h\`, \`7d\`, \`1h30m\`. Sizes: \`512B\`, \`100MB\`, \`1.5GiB\`. Shares: \`90%\`. Never a bare number.
- Paths begin with \`/\` or \`~/\`.
- \`\${NAME}\` is replaced by an environment variable, \`\${NAME:-text}\` gives it a default, \`$\${\` is a plain \`\${\`. In \`http.headers\` and \`env\`
  it is looked up when it is used and never shown; elsewhere values are shown, so variables named like secrets are refused there.
- \`{ file: PATH }\` in \`http.headers\` and \`env\` takes a secret from a file of its own.
- Anchors, aliases and \`<<\` merges of YAML work. Unknown keys are errors.
- Options outside lists and services can be set by environment variables too; they win over the file.
- The first line of the example lets editors with a YAML language server complete and check while you type.
- \`jarvis-health config check\` checks, \`jarvis-health config show\` prints every option in force and where it came from.
`;

function section(key: string, shape: Shape): string[] {
  const rows: string[] = [];
  collect(shape, [key], rows, !hasNamesOrItems(shape));
  const lines = [`## ${key}\n`, ...(shape.about ? [`${shape.about.description}\n`] : [])];
  return rows.length === 0
    ? lines
    : [...lines, '| option | meaning | form | default |', '| --- | --- | --- | --- |', ...rows, ''];
}

function hasNamesOrItems(shape: Shape): boolean {
  return shape.is === 'record' || shape.is === 'list' || (shape.is === 'either' && shape.long.is === 'list');
}

/** One row for each option; `settable`: the environment can set it. */
function collect(shape: Shape, path: Path, rows: string[], settable: boolean): void {
  if (shape.is === 'scalar') {
    rows.push(row(path, shape, shape.kind.wanted, settable));
  } else if (shape.is === 'map') {
    if (path.length > 1 && shape.about) rows.push(row(path, shape, 'a map', false));
    for (const [key, entry] of Object.entries(shape.entries)) collect(entry, [...path, key], rows, settable);
  } else if (shape.is === 'record' || shape.is === 'list') {
    const inner = shape.is === 'record' ? shape.value : shape.item;
    if (path.length > 1)
      rows.push(
        row(
          path,
          shape,
          shape.is === 'record' ? `a map of names to ${inner.is === 'either' ? 'values' : 'options'}` : listForm(inner),
          false,
        ),
      );
    const next = shape.is === 'record' ? [...path, 'NAME'] : [...path.slice(0, -1), `${path.at(-1)}[]`];
    if (inner.is === 'map')
      for (const [key, entry] of Object.entries(inner.entries)) collect(entry, [...next, key], rows, false);
  } else {
    const short = shape.short.is === 'scalar' ? shape.short.kind.wanted : 'a short form';
    if (path.length > 1)
      rows.push(
        row(path, shape, shape.long.is === 'list' ? `${short}, or a list of them` : `${short}, or a map`, false),
      );
    if (shape.long.is === 'map')
      for (const [key, entry] of Object.entries(shape.long.entries)) collect(entry, [...path, key], rows, settable);
    else if (shape.long.is === 'list' && path.length === 1) collect(shape.long, path, rows, false);
  }
}

function listForm(item: Shape): string {
  return item.is === 'scalar' ? `a list of: ${item.kind.wanted}` : 'a list';
}

function row(path: Path, { about, byDefault, required }: Shape, form: string, settable: boolean): string {
  const examples = about?.examples?.map((each) => code(each)).join(', ');
  const meaning = [about?.description ?? '', examples ? `Example: ${examples}.` : ''].filter(Boolean).join(' ');
  const variable = settable ? `<br>\`${variableOf(path)}\`` : '';
  return `| \`${path.join('.')}\` | ${cell(meaning)} | ${cell(briefly(form))} | ${cell(defaultOf(about?.derived, byDefault, required))}${variable} |`;
}

/** Durations, sizes and shares are explained once, above. */
function briefly(form: string): string {
  return form.replace(/^(a duration|a size|a percentage) like .*$/, '$1');
}

function defaultOf(derived: string | undefined, byDefault: unknown, required: boolean): string {
  if (required) return 'must be there';
  if (derived !== undefined) return derived;
  return byDefault === undefined || JSON.stringify(byDefault) === '{}' ? '–' : code(byDefault);
}

function code(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value)
          .replaceAll('"', '')
          .replaceAll(/([:,])/g, '$1 ')
          .replaceAll(/: \/\//g, '://');
  return `\`${text}\``;
}

/** A table cell: pipes would end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
