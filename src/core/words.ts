import type { Playbook, Step, TargetKind, Verify } from './plan.ts';
import { sayDuration } from './units.ts';

/** Names are for configs and `--playbook`; people read what is done. */
const ACTIONS: Readonly<Record<string, string>> = {
  'restart-service': 'restart it',
  'stop-process': 'end its process',
  'clean-disk': 'clean up the disk',
  'rotate-log': 'rotate its logs',
  'report-top-processes': 'report who uses most',
  'gateway-cli-restart': 'ask its own command line for a restart',
  'signal-process': 'send its process a signal',
  'wait-healthy': 'wait for it to get well',
  'run-command': 'run a command',
  'reset-failed': 'reset its unit',
  'restore-file': 'put its last good file back',
};
const PLAYBOOKS: Readonly<Record<string, string>> = {
  'service-restart': 'restart',
  'gateway-restart': 'restart',
  'hung-process': 'restart',
  'port-conflict': 'restart',
  'disk-pressure': 'cleanup',
  'log-too-large': 'rotation of logs',
  'memory-pressure': 'report',
  // Of attempts that an earlier version made.
  'disk-clean': 'cleanup',
  'log-rotate': 'rotation of logs',
  'memory-report': 'report',
};
const OUTCOMES: Readonly<Record<string, string>> = {
  recovered: 'helped',
  'not-recovered': 'did not help',
  refused: 'refused',
  interrupted: 'interrupted',
  stopped: 'stopped',
};

/** `restart it`. */
export function sayAction(name: string): string {
  return ACTIONS[name] ?? name.replaceAll('-', ' ');
}

/** `restart it (up to 3 tries; when hung)`, `rotate its logs (~/app/*.log)`. */
export function sayStep({ action, retries, when, checks = [] }: Step): string {
  // Of which disk, of which logs: two steps of one action are told apart.
  const which = checks.map((id) => id.slice(id.indexOf(':') + 1));
  const tries = retries > 0 ? [`up to ${retries + 1} tries`] : [];
  const classes = when === undefined ? [] : [`when ${when.map((one) => one.replaceAll('-', ' ')).join(' or ')}`];
  const more = [...which, ...tries, ...classes].join('; ');
  return `${sayAction(action)}${more === '' ? '' : ` (${more})`}`;
}

/** `2 good looks of hub:http, 2 s apart`. */
export function sayProof({ checks, goods, everyMs }: Exclude<Verify, 'none'>, kind: TargetKind): string {
  const which = checks === undefined ? (kind === 'service' ? 'all its checks' : 'it') : checks.join(' and ');
  const many = goods === undefined ? 'good looks' : goods === 1 ? 'one good look' : `${goods} good looks`;
  return `${many} of ${which}${everyMs === undefined ? '' : `, ${sayDuration(everyMs)} apart`}`;
}

/** `restart`. */
export function sayPlaybook(name: string): string {
  return PLAYBOOKS[name] ?? name.replaceAll('-', ' ');
}

/** `clean up the disk, then report who uses most`. */
export function saySteps({ steps }: Playbook): string {
  return [...new Set(steps.map((step) => sayAction(step.action)))].join(', then ');
}

/** `did not help`; `under way` as long as there is no outcome. */
export function sayOutcome(outcome: string | undefined): string {
  return outcome === undefined ? 'under way' : (OUTCOMES[outcome] ?? outcome);
}
