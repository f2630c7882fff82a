import { posix } from 'node:path';
import { writeDuration } from '../core/units.ts';
import { expandHome } from './paths.ts';
import type { Finding } from './problems.ts';
import { playbookRules } from './rules-playbooks.ts';
import { serviceRules } from './rules-services.ts';
import type { Config } from './schema/config.ts';
import type { Path } from './shape.ts';

/** What the rules must know of the host. `homeFolder` is the person's, `home` the daemon's. */
export type RuleContext = {
  readonly homeFolder: string;
  readonly home: string;
  /** Names of the files in its `playbooks` folder. */
  readonly ownPlaybooks: readonly string[];
  /** Was this written in the file, or is it a default? */
  readonly wrote: (path: Path) => boolean;
};

/** What one option says about another, and what would do harm: found after every option is right by itself. */
export function ruleFindings(config: Config, context: RuleContext): readonly Finding[] {
  return [
    ...serviceRules(config),
    ...valueRules(config),
    ...diskRules(config, context),
    ...logRules(config),
    ...daemonRules(config, context),
    ...playbookRules(config, { own: context.ownPlaybooks, wrote: context.wrote }),
  ];
}

function valueRules({ disk = [], memory }: Config): Finding[] {
  const values = disk.map((options, index) => ({ path: ['disk', index] as const, options }));
  const all =
    memory === undefined || memory === 'off' ? values : [...values, { path: ['memory'] as const, options: memory }];
  return all.flatMap(({ path, options: { warning, critical, clear } }) => [
    ...(warning > critical
      ? [
          {
            path: [...path, 'warning'],
            message: `is ${warning}%, at most critical (${critical}%) is allowed`,
            allowed: `at most ${critical}%`,
          },
        ]
      : []),
    ...(clear >= warning
      ? [{ path: [...path, 'clear'], message: `is ${clear}%, less than warning (${warning}%) is allowed` }]
      : []),
  ]);
}

function diskRules({ disk = [] }: Config, context: RuleContext): Finding[] {
  const findings = twice(
    'disk',
    'path',
    disk.map(({ path }) => path),
    disk.map(({ path }) => posix.normalize(expandHome(path, context.homeFolder)).replace(/(.)\/$/, '$1')),
  );
  for (const [index, { cleanup }] of disk.entries()) {
    for (const [rule, { folder }] of cleanup.entries()) {
      const because = unsafeToClean(
        posix.normalize(expandHome(folder, context.homeFolder)).replace(/(.)\/$/, '$1'),
        context,
      );
      if (because)
        findings.push({
          path: ['disk', index, 'cleanup', rule, 'folder'],
          message: `is ${folder}, ${because}; name the folder of the files that may go`,
        });
    }
  }
  return findings;
}

/** A slip in one line must not empty a system or a home folder. */
function unsafeToClean(folder: string, { homeFolder, home }: RuleContext): string | undefined {
  if (folder === posix.normalize(homeFolder)) return 'which is the home folder itself';
  if (`${folder}/`.startsWith(`${posix.normalize(home)}/`)) return 'which belongs to jarvis-health';
  if (/^\/[^/]*$/.test(folder) && folder !== '/tmp') return 'which holds the whole system or a large part of it';
  if (
    /^\/(etc|usr|bin|sbin|lib[^/]*|boot|dev|proc|sys|run|System|Library|Applications|private\/etc)\//.test(`${folder}/`)
  )
    return 'which belongs to the system';
  if (/[*?[\]{}]/.test(folder)) return 'a folder without wildcards is needed';
  return undefined;
}

function logRules({ logs }: Config): Finding[] {
  const findings = twice(
    'logs',
    'match',
    logs.map(({ match }) => match),
  );
  for (const [index, { match }] of logs.entries()) {
    // `~/**` would rotate databases and pictures as soon as they are large.
    const last = match.split('/').at(-1) ?? '';
    if (last.replace(/[*?!()[\]{}@+|,.]/g, '').length < 2) {
      findings.push({
        path: ['logs', index, 'match'],
        message: `is ${match}, which matches files that are no logs; let it end in something like *.log`,
      });
    }
  }
  return findings;
}

const OWN_FILES =
  /^(state\.json.*|config\.ya?ml|audit\.jsonl.*|health(-data|-history)?\.(html|js|txt)|alerts-taken\.jsonl|(run|logs|history|badges)(\/.*)?)$/;

function daemonRules({ alerts, policy }: Config, { home, wrote }: RuleContext): Finding[] {
  const findings: Finding[] = [];
  const pending = posix.relative(home, posix.resolve(home, alerts.pendingFile));
  if (OWN_FILES.test(pending))
    findings.push({
      path: ['alerts', 'pendingFile'],
      message: `is ${alerts.pendingFile}, which is a file of jarvis-health itself`,
    });
  if (policy.startGraceCap < policy.startGrace) {
    findings.push({
      path: ['policy', 'startGraceCap'],
      message: `is ${writeDuration(policy.startGraceCap)}, at least startGrace (${writeDuration(policy.startGrace)}) is needed`,
    });
  }
  if (wrote(['server']))
    findings.push({ path: ['server'], severity: 'warning', message: 'is not built yet, it is ignored' });
  return findings;
}

/** `shown`: the names as they were written; `names`: what they come to. */
function twice(section: string, key: string, shown: readonly string[], names: readonly string[] = shown): Finding[] {
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    const message = `is ${shown[index]}, which is listed already as ${section}[${first}]`;
    return first === index ? [] : [{ path: [section, index, key], message }];
  });
}
