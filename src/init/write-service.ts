import { withTilde } from './folders.ts';
import { type Agreement, isActedOn, type ProposedService, type StartCommand } from './proposal.ts';
import { comment, list, scalar } from './yaml-text.ts';

/** One service as it stands below `services:`. */
export function serviceLines(one: ProposedService, agreed: Agreement, homeFolder: string): readonly string[] {
  const keys = [...lookKeys(one), ...startKeys(one, agreed, homeFolder), ...ownerKeys(one, agreed)];
  return [
    ...comment([`${one.what}.`, ...one.why].join(' '), 2),
    `  ${scalar(one.name)}:`,
    ...keys.map((line) => `    ${line}`),
  ];
}

function lookKeys({ look, match }: ProposedService): readonly string[] {
  if (look.kind === 'preset') return ['preset: gateway'];
  if (look.kind === 'owner') return [];
  const known = match === undefined ? [] : [`process: { match: ${quoted(match)} }`];
  if (look.kind === 'tcp') return [`tcp: ${scalar(look.address)}`, ...known];
  if (look.status === undefined) return [`http: ${scalar(look.url)}`, ...known];
  return ['http:', `  url: ${scalar(look.url)}`, `  status: ${look.status}`, ...known];
}

/** A text is easier told from the keys around it with quotes. */
function quoted(text: string): string {
  const written = scalar(text);
  return written.startsWith('"') ? written : `"${written}"`;
}

function ownerKeys(one: ProposedService, agreed: Agreement): readonly string[] {
  const { acts, unit } = one;
  const named = unit === undefined ? [] : [`unit: ${scalar(unit)}`];
  if (acts === 'never') return [...named, 'mode: observe # it is watched only'];
  if ((acts === 'owner' || acts === 'owner-asked') && !isActedOn(one, agreed))
    return [...named, 'mode: observe # take this line out to let it act'];
  return named;
}

function startKeys(one: ProposedService, agreed: Agreement, homeFolder: string): readonly string[] {
  const { start } = one;
  if (start === undefined) return [];
  const keys = commandKeys(start, homeFolder);
  if (isActedOn(one, agreed)) return keys;
  return [
    '# Watched only. To have it started when it is down, check this and take the # out:',
    ...keys.map((line) => `# ${line}`),
  ];
}

function commandKeys({ argv, cwd, env }: StartCommand, homeFolder: string): readonly string[] {
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}: ${scalar(value)}`);
  return [
    `start: ${list(argv)}`,
    ...(cwd === undefined ? [] : [`cwd: ${scalar(withTilde(cwd, homeFolder))}`]),
    ...(variables.length === 0 ? [] : [`env: { ${variables.join(', ')} }`]),
  ];
}
