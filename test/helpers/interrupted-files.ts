import { join } from 'node:path';
import { fixture } from './daemon.ts';

export const RETRIES = 1;

/** The app: fails as often as `fails` says, else keeps its ledger and starts slowly, so that a daemon that comes back finds it neither well nor gone. */
export function startScript(port: number): string {
  return [
    'n=$(cat fails)',
    'last=$(cat last 2>/dev/null)',
    `if [ -n "$last" ]; then case "$(cut -d' ' -f3 "/proc/$last/stat" 2>/dev/null)" in ''|Z|X) ;; *) echo second $$ >> ledger ;; esac; fi`,
    'if [ "$n" -gt 0 ]; then echo $((n - 1)) > fails; echo fail $$ >> ledger; exit 1; fi',
    'echo $$ > last',
    'echo start $$ >> ledger',
    `exec '${process.execPath}' '${fixture('web.mjs')}' --port ${port} --slow-start 400`,
    '',
  ].join('\n');
}

export function playbook(home: string): string {
  return [
    'name: mark-and-start',
    'summary: Leaves a mark and starts it.',
    'for: service',
    'when: [crashed]',
    'slo: 10m',
    'steps:',
    '  - action: run-command',
    `    with: { argv: [sh, ${JSON.stringify(join(home, 'mark.sh'))}], cwd: ${JSON.stringify(home)} }`,
    '    verify: none',
    '  - action: restart-service',
    `    retries: ${RETRIES}`,
    '    backoff: 1s',
    '',
  ].join('\n');
}
