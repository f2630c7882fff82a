import type { Agreement, Proposal } from './proposal.ts';
import { serviceLines } from './write-service.ts';
import { comment, scalar } from './yaml-text.ts';

/**
 * The config of a proposal as commented YAML. What was not agreed to is written so that it is watched, and says how to
 * let it act.
 */
export function writeConfig(proposal: Proposal, agreed: Agreement, homeFolder: string): string {
  const parts = [
    HEAD,
    servicesPart(proposal, agreed, homeFolder),
    disksPart(proposal),
    [...comment(`Memory: ${proposal.memory.why}. Over its limit for 5 min is a trouble.`), MEMORY],
    ...(proposal.logs.length === 0 ? [] : [logsPart(proposal, agreed)]),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const MEMORY = 'memory: { warning: 80%, critical: 90% }';

const HEAD = [
  '# yaml-language-server: $schema=./config.schema.json',
  ...comment('Written by `jarvis-health init` from what it saw on this host. It is yours now.'),
  ...comment('A running daemon picks every change up by itself. See what is wrong: jarvis-health config check'),
];

function servicesPart(proposal: Proposal, agreed: Agreement, homeFolder: string): readonly string[] {
  const left = proposal.left.slice(0, 40).flatMap(({ what, why }) => comment(`- ${what} ${why}.`));
  const notes =
    left.length === 0 ? [] : [...comment('Left out, because nothing is to be restarted by mistake:'), ...left];
  if (proposal.services.length === 0) return ['# services:', ...EXAMPLE, ...notes];
  const services = proposal.services.map((one) => serviceLines(one, agreed, homeFolder).join('\n'));
  return ['services:', services.join('\n\n'), ...(notes.length === 0 ? [] : ['', ...notes])];
}

const EXAMPLE = [
  '#   my-app:',
  '#     http: http://127.0.0.1:3000/',
  '#     start: [node, server.js]',
  '#     cwd: ~/my-app',
];

function disksPart({ disks }: Proposal): readonly string[] {
  if (disks.length === 0) return [...comment('No disk was found that can be filled.'), 'disk: off'];
  return [
    ...comment('Nothing is deleted unless a cleanup rule names its folder.'),
    'disk:',
    ...disks.flatMap(({ path, why }, at) => [
      ...comment(why, 2),
      `  - path: ${scalar(path)}`,
      '    warning: 80%',
      '    critical: 90%',
      ...(at === 0 ? ['    # cleanup: [{ folder: ~/my-app/logs, match: "*.log*", olderThan: 30d }]'] : []),
    ]),
  ];
}

function logsPart({ logs }: Proposal, agreed: Agreement): readonly string[] {
  const rules = logs.flatMap(({ match, why }) => [
    ...comment(why, 2),
    `  - match: ${scalar(match)}`,
    '    maxSize: 100MB',
    '    keep: 10',
  ]);
  const watched = [
    '',
    ...comment('Logs are watched only. Take these two lines out to have large ones rotated.'),
    'policy:',
    '  logs: { mode: observe }',
  ];
  return [
    ...comment('A file that grows over maxSize is renamed and compressed, unless a program holds it open.'),
    'logs:',
    ...rules,
    ...(agreed.logs ? [] : watched),
  ];
}
