import { type ConfigReading, configFileOf, type LoadedConfig, readConfig } from '../config/load.ts';
import { type Problem, writeProblem } from '../config/problems.ts';
import { ERRORS } from '../errors.ts';
import { clean } from '../text/clean.ts';
import { wrap } from '../text/width.ts';
import { count } from '../text/words.ts';
import type { Wrong } from './check-playbooks.ts';
import type { Context } from './context.ts';

export async function run(context: Context, args: readonly string[]): Promise<number> {
  const [what = 'check'] = args;
  const source = { home: context.home, file: context.configFile, env: context.env };
  if (what === 'path') {
    const file = configFileOf(source);
    if (context.json) context.outJson({ file });
    else context.out(`${clean(file, 4096)}\n`);
    return 0;
  }
  if (what === 'schema') {
    const { default: schema } = await import('../../config.schema.json', { with: { type: 'json' } });
    context.outJson(schema);
    return 0;
  }
  const reading = await readConfig(source);
  if (!reading.ok) return refused(context, reading);
  return what === 'show' ? show(context, reading.loaded) : checked(context, reading.loaded);
}

function refused(context: Context, reading: Extract<ConfigReading, { ok: false }>): number {
  if (context.json) {
    context.outJson({ ok: false, code: reading.code, problems: reading.problems });
  } else {
    const problems = reading.problems.map((problem, i) =>
      withFrame(context, writeProblem(problem), reading.frames[i], i === 0 ? `${reading.code} ` : ''),
    );
    context.out(problems.join('\n'));
    const named = reading.code === 'CONFIG_UNREADABLE' && context.configFile !== undefined;
    context.out(
      named
        ? 'next: name a file that can be read, or leave --config out.\n'
        : 'next: correct it; a daemon that runs keeps to the last good one until then.\n',
    );
  }
  return ERRORS[reading.code].exit;
}

function refusedPlaybooks(context: Context, refused: readonly Wrong[]): number {
  const code = 'PLAYBOOK_INVALID';
  if (context.json) context.outJson({ ok: false, code, problems: refused.map(({ problem }) => problem) });
  else {
    const lines = refused.map(({ problem, frame }, i) =>
      withFrame(context, writeProblem(problem), frame, i === 0 ? `${code} ` : ''),
    );
    context.out(`${lines.join('')}next: correct it; until then a daemon that runs keeps to its last good version.\n`);
  }
  return ERRORS[code].exit;
}

function withFrame(context: Context, problem: string, frame: string | undefined, code: string): string {
  return `${fitted(context, `${code}${problem}`)}${frame === undefined ? '' : `${frame}\n`}`;
}

/** A line for a person's terminal or, whole, for a program. */
function fitted(context: Context, text: string): string {
  const line = clean(text, 5000);
  return `${context.isTerminal ? wrap(line, context.paper().width).join('\n') : line}\n`;
}

async function checked(context: Context, loaded: LoadedConfig): Promise<number> {
  const { warningsOf } = await import('./startable.ts');
  const { checkPlaybooks } = await import('./check-playbooks.ts');
  const playbooks = await checkPlaybooks(context);
  if (playbooks.refused.length > 0) return refusedPlaybooks(context, playbooks.refused);
  const warnings = [...warningsOf(loaded, context.home), ...playbooks.warnings];
  if (context.json) context.outJson({ ok: true, file: loaded.file, configured: loaded.configured, warnings });
  else {
    printWarnings(context, warnings);
    const but =
      warnings.length === 0
        ? ''
        : `, but see the ${warnings.length === 1 ? 'warning' : count(warnings.length, 'warning')} above`;
    context.out(
      loaded.configured
        ? fitted(context, `${loaded.file} is right${but}.`)
        : fitted(context, `There is no config in ${loaded.file}: the daemon looks and acts on nothing.`),
    );
  }
  return 0;
}

async function show(context: Context, loaded: LoadedConfig): Promise<number> {
  const { effectiveConfig, writeEffective } = await import('../config/effective.ts');
  const { listMounts } = await import('../host/space.ts');
  const options = effectiveConfig(loaded, { mounts: await listMounts() });
  if (context.json) {
    context.outJson(options);
    return 0;
  }
  printWarnings(context, loaded.warnings);
  // A config may quote the host: each line is made safe, its indentation kept.
  for (const line of writeEffective(options).split('\n')) {
    const indent = /^ */.exec(line)?.[0] ?? '';
    context.out(line === '' ? '' : `${indent}${safeKeepingBlanks(line.slice(indent.length))}\n`);
  }
  return 0;
}

/** Blanks line the comments up, so each piece between them is made safe by itself. */
function safeKeepingBlanks(text: string): string {
  return text
    .split(/( +)/)
    .map((piece) => (piece.startsWith(' ') ? piece : clean(piece, 4096)))
    .join('');
}

function printWarnings(context: Context, warnings: readonly Problem[]): void {
  for (const warning of warnings) {
    const line = `warning: ${clean(writeProblem(warning), 2000)}`;
    context.say(process.stderr.isTTY ? wrap(line, context.paper().width).join('\n') : line);
  }
}
