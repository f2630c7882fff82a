import { type Shape, shapeOf } from '../config/shape.ts';
import type { TargetKind } from '../core/plan.ts';
import { writeDuration } from '../core/units.ts';
import { type Actions, givenTo, isOptional, type KnownAction } from './catalog.ts';
import { KINDS } from './classes.ts';
import type { Definition } from './definition.ts';
import { openOptions } from './options.ts';
import { playbookSchema } from './schema.ts';
import { ownTimeoutMs } from './times.ts';

/** The tables of docs/playbooks.md that are made from what is in force, by the name of their place. */
export function playbookTables(actions: Actions, shipped: readonly Definition[]): Readonly<Record<string, string>> {
  return { shipped: shippedTable(shipped), fields: fieldTable(), options: optionTable(actions) };
}

function shippedTable(shipped: readonly Definition[]): string {
  const rows = shipped.map(({ name, for: kind, when, summary, steps }) => {
    const actions = steps.map(({ action }) => `\`${action}\``).join(', then ');
    return [`\`${name}\``, kind, when?.map((one) => `\`${one}\``).join(', ') ?? 'any', actions, summary];
  });
  return table(['playbook', 'for', 'when', 'steps', 'what it does'], rows);
}

function fieldTable(): string {
  const rows: string[][] = [];
  const walk = (shape: Shape, path: string): void => {
    if (path !== '' && shape.about !== undefined) rows.push(row(path, shape));
    const inner = shape.is === 'either' ? shape.long : shape;
    if (inner.is === 'map')
      for (const [key, entry] of Object.entries(inner.entries)) walk(entry, path === '' ? key : `${path}.${key}`);
    if (inner.is === 'list' && inner.item.is === 'map')
      for (const [key, entry] of Object.entries(inner.item.entries)) walk(entry, `${path}[].${key}`);
  };
  walk(shapeOf(playbookSchema), '');
  return table(['field', 'meaning', 'form', 'default'], rows);
}

function row(path: string, shape: Shape): string[] {
  const { about, byDefault, required } = shape;
  const otherwise = required
    ? 'must be there'
    : (about?.derived ?? (byDefault === undefined ? '–' : `\`${byDefault}\``));
  return [`\`${path}\``, about?.description ?? '', formOf(shape), otherwise];
}

function formOf(shape: Shape): string {
  switch (shape.is) {
    case 'scalar':
      return shape.kind.wanted.replace(/^(a duration) like .*$/, '$1');
    case 'list':
      return shape.item.is === 'scalar' ? 'a list of names' : 'a list';
    case 'record':
      return 'a map of options';
    case 'map':
      return 'a map';
    case 'either':
      return shape.short.is === 'scalar' && shape.short.kind.wanted === 'none'
        ? '`none` or a map'
        : 'a class, or a list of them';
  }
}

function optionTable(actions: Actions): string {
  const rows = actions.map((action) => {
    const kind = kindOf(action);
    const options = openOptions(action, kind).map(({ key, schema, name }) => {
      const must = !isOptional(schema) && !givenTo(action, kind).includes(name) ? ' (needed)' : '';
      return `\`${key}\`${must}`;
    });
    const waits = options.length > 0 && openOptions(action, kind).some(({ name }) => name.endsWith('Ms'));
    const timeout = `${writeDuration(ownTimeoutMs(action.name, {}))}${waits ? ' and its own times' : ''}`;
    return [`\`${action.name}\``, options.join(', ') || '–', timeout, action.summary];
  });
  return table(['action', 'options', 'timeout', 'what it does'], rows);
}

/** The kind of target whose config gives it most. */
function kindOf(action: KnownAction): TargetKind {
  const [kind = 'service'] = KINDS.toSorted((a, b) => givenTo(action, b).length - givenTo(action, a).length);
  return kind;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [
    titles,
    titles.map(() => '---'),
    ...rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|'))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
