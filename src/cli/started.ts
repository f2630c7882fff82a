import type { Snapshot } from '../core/snapshot.ts';
import { clean } from '../text/clean.ts';
import { renderStatus } from '../text/status.ts';
import { nameFor } from './as-typed.ts';
import type { Context } from './context.ts';

/** What a person sees after `start`: everything that was found, and what to type next. */
export function printStarted(context: Context, snapshot: Snapshot, looked: boolean): void {
  if (context.json) {
    context.outJson({ started: true, looked, pid: snapshot.daemon.pid, snapshot });
    return;
  }
  context.out(renderStatus(snapshot, { all: true, absence: undefined }, context.paper()));
  if (!looked) context.out('\nThe first looks take longer than usual; the daemon goes on with them.\n');
  const lines = snapshot.daemon.configured ? [] : howToLetItAct(context, snapshot);
  context.out(['', ...lines, ...next(context, snapshot), ''].join('\n'));
}

function howToLetItAct(context: Context, snapshot: Snapshot): readonly string[] {
  return [
    'It acts on nothing yet. To have your services found, and say what it may do:',
    '',
    `  ${nameFor(context.env, context.home)} init`,
    '',
    'Or name them yourself in',
    `${clean(snapshot.daemon.home, 200)}/config.yaml, for example:`,
    '',
    '  services:',
    '    my-app:',
    '      http: http://127.0.0.1:3000/',
    '      start: [node, server.js]',
    '      cwd: ~/my-app',
    '',
    'The file is picked up as soon as it is there.',
    '',
  ];
}

function next(context: Context, snapshot: Snapshot): readonly string[] {
  const [worst] = snapshot.targets.filter((target) => target.state !== 'working');
  const name = nameFor(context.env, context.home);
  const rows: readonly (readonly [string, string])[] = [
    [`${name} status`, 'how is everything?'],
    [`${name} explain ${clean(worst?.id ?? snapshot.targets[0]?.id ?? 'disk', 40)}`, 'why is it judged so?'],
    [`${name} logs -f`, 'what is it doing?'],
    [`${name} stop`, 'end it'],
  ];
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    'Next:',
    ...rows.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
    ...(name.startsWith('jarvis-health')
      ? []
      : ['', '`npm link` gives it the short name that the help uses: jarvis-health.']),
  ];
}
