import type { Run } from './options.ts';

export type CommandSpec = {
  readonly name: string;
  readonly summary: string;
  /** In commander's words: `<needed>`, `[optional]`, `[several...]`. */
  readonly arguments: readonly { readonly name: string; readonly text: string; readonly choices?: readonly string[] }[];
  readonly options: readonly (readonly [flags: string, text: string])[];
  readonly example: string;
  readonly load: () => Promise<{ readonly run: Run }>;
};

const target = { name: '<target>', text: 'name of a target, as `status` shows it' };
const scope = { name: '<target>', text: 'name of a target, or `all`' };
const forHow = (usual: string) => ['--for <duration>', `how long: 30s, 30m, 2h, 1d (default: ${usual})`] as const;

/** Every command, in the order of `--help`. A command's own file is loaded when it runs. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'look at this host and write a config of what was found; asks what it may act on',
    arguments: [],
    options: [
      ['--yes', 'no questions: act through owners only, watch everything else'],
      ['--dry-run', 'show what would be written, and write nothing'],
      ['--force', 'also when there is a config; the old one is kept beside it'],
    ],
    example: 'jarvis-health init --dry-run',
    load: () => import('./init.ts'),
  },
  {
    name: 'start',
    summary: 'start the daemon, or say that it runs',
    arguments: [],
    options: [
      ['--foreground', 'stay in this terminal instead of going to the background'],
      ['--observe', 'look and tell only; act on nothing, whatever the config says'],
    ],
    example: 'jarvis-health start',
    load: () => import('./start.ts'),
  },
  {
    name: 'stop',
    summary: 'end the daemon in order',
    arguments: [],
    options: [],
    example: 'jarvis-health stop',
    load: () => import('./stop.ts'),
  },
  {
    name: 'restart',
    summary: 'stop, then start',
    arguments: [],
    options: [['--observe', 'look and tell only; act on nothing']],
    example: 'jarvis-health restart',
    load: () => import('./restart.ts'),
  },
  {
    name: 'install',
    summary: 'have systemd or launchd start the daemon at boot and keep it running; again after an update',
    arguments: [],
    options: [
      ['--system', 'for the whole host, as root (home: /var/lib/jarvis-health)'],
      ['--user <name>', 'with --system, on macOS: as this user'],
      ['--linger', 'on Linux: run from boot on, without a login'],
      ['--yes', 'yes to lingering; no question is asked'],
      ['--retire [name...]', 'stop and set aside what heals the gateway too'],
      ['--dry-run', 'show files and commands, and do nothing'],
    ],
    example: 'jarvis-health install --dry-run',
    load: () => import('./install.ts'),
  },
  {
    name: 'uninstall',
    summary: 'the opposite; config, state and logs stay',
    arguments: [],
    options: [
      ['--system', 'the one for the whole host'],
      ['--force', 'also when it runs another home folder'],
      ['--dry-run', 'show the commands, and do nothing'],
    ],
    example: 'jarvis-health uninstall',
    load: () => import('./uninstall.ts'),
  },
  {
    name: 'status',
    summary: 'the verdict, every target, open incidents, holds, the daemon',
    arguments: [],
    options: [
      ['--watch', 'stay and renew every second'],
      ['--all', 'every check, and what else was found on this host'],
    ],
    example: 'jarvis-health status --watch',
    load: () => import('./status.ts'),
  },
  {
    name: 'check',
    summary: 'look once at everything, or at some targets; nothing is recovered unless asked for',
    arguments: [{ name: '[target...]', text: 'names of targets or checks; all when none is given' }],
    options: [['--recover', 'recover what is down: the daemon does, or this pass when none runs']],
    example: 'jarvis-health check hub disk --json',
    load: () => import('./check.ts'),
  },
  {
    name: 'recover',
    summary: 'one recovery attempt now, if it is not working; limits and holds apply as always',
    arguments: [target],
    options: [
      ['--playbook <name>', 'another playbook than its own'],
      ['--dry-run', 'show what would be done, and do nothing'],
      [
        '--force',
        'also when it works (restarts it anyway), past limits and maintenance; never past the identity rules',
      ],
      ['--no-wait', 'do not wait for the outcome'],
    ],
    example: 'jarvis-health recover hub --dry-run',
    load: () => import('./recover.ts'),
  },
  {
    name: 'explain',
    summary: 'why a target is judged so, and why something was or was not done',
    arguments: [target],
    options: [],
    example: 'jarvis-health explain hub',
    load: () => import('./explain.ts'),
  },
  {
    name: 'incidents',
    summary: 'the history; `show` is the timeline of one, `ack` mutes its reminders, `stop` ends its recovery',
    arguments: [
      { name: '[what]', text: 'what to do', choices: ['list', 'show', 'ack', 'stop'] },
      { name: '[id]', text: 'number of the incident' },
    ],
    options: [],
    example: 'jarvis-health incidents show 17',
    load: () => import('./incidents.ts'),
  },
  {
    name: 'alerts',
    summary: 'the pending alerts; `take` hands all of them out, each once; `ack` takes one by its id',
    arguments: [
      { name: '[what]', text: 'what to do', choices: ['list', 'take', 'ack'] },
      { name: '[id]', text: 'id of the alert' },
    ],
    options: [['--all', 'with `list`: also those taken before']],
    example: 'jarvis-health alerts take --json',
    load: () => import('./alerts.ts'),
  },
  {
    name: 'hold',
    summary: 'maintenance: looks go on, nothing is acted on',
    arguments: [scope],
    options: [forHow('30m'), ['--reason <text>', 'why, for everybody who wonders'], ['--silent', 'no alerts either']],
    example: 'jarvis-health hold hub --for 30m --reason "moving the database"',
    load: () => import('./hold.ts'),
  },
  {
    name: 'release',
    summary: 'end a hold',
    arguments: [scope],
    options: [],
    example: 'jarvis-health release hub',
    load: () => import('./release.ts'),
  },
  {
    name: 'silence',
    summary: 'no alerts for a while; looks and recovery go on',
    arguments: [scope],
    options: [forHow('1h')],
    example: 'jarvis-health silence hub --for 1h',
    load: () => import('./silence.ts'),
  },
  {
    name: 'unsilence',
    summary: 'end a silence',
    arguments: [scope],
    options: [],
    example: 'jarvis-health unsilence hub',
    load: () => import('./unsilence.ts'),
  },
  {
    name: 'playbooks',
    summary: 'what is done for a trouble, shipped and your own; `show` one, `run` one on a target',
    arguments: [
      { name: '[what]', text: 'what to do', choices: ['list', 'show', 'run'] },
      { name: '[name...]', text: 'name of the playbook; with `run` that of the target too' },
    ],
    options: [
      ['--dry-run', 'with `run`: show what would be done, and do nothing; needs no daemon'],
      ['--force', 'with `run`: also when the target works, past limits and maintenance'],
      ['--no-wait', 'with `run`: do not wait for the outcome'],
    ],
    example: 'jarvis-health playbooks run service-restart hub --dry-run',
    load: () => import('./playbooks.ts'),
  },
  {
    name: 'logs',
    summary: "the daemon's own log",
    arguments: [],
    options: [
      ['-f, --follow', 'stay and print what is added'],
      ['-n, --lines <count>', 'how many of the last lines (default: 50)'],
      ['--level <level>', 'this level and worse: trace, debug, info, warn, error, fatal'],
      ['--target <target>', 'only lines about this target'],
    ],
    example: 'jarvis-health logs -f --level warn',
    load: () => import('./logs.ts'),
  },
  {
    name: 'config',
    summary: 'check the config, show what is in force and where it came from, its schema, its path',
    arguments: [{ name: '[what]', text: 'what to do', choices: ['check', 'show', 'schema', 'path'] }],
    options: [],
    example: 'jarvis-health config check',
    load: () => import('./config.ts'),
  },
  {
    name: 'audit',
    summary: 'check that the audit was not changed',
    arguments: [{ name: '[what]', text: 'what to do', choices: ['verify'] }],
    options: [],
    example: 'jarvis-health audit verify',
    load: () => import('./audit.ts'),
  },
  {
    name: 'doctor',
    summary: 'what this host lacks, and the command that fixes it',
    arguments: [],
    options: [],
    example: 'jarvis-health doctor',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'demo',
    summary: 'a safe show: sample services break and come back',
    arguments: [],
    options: [],
    example: 'jarvis-health demo',
    load: () => import('./demo.ts'),
  },
];
