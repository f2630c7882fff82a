import { readUnitName } from '../core/unit-name.ts';
import { writeDuration } from '../core/units.ts';
import { hungAfterOf, timeoutFor } from './complete.ts';
import { nearest } from './nearest.ts';
import type { Finding } from './problems.ts';
import type { Config, ServiceConfig } from './schema/config.ts';
import { unfit } from './schema/option.ts';

/** Names of other targets, and of "everything" in commands. */
const RESERVED = new Set(['disk', 'memory', 'logs', 'host', 'all', 'daemon']);
const LONGEST_NAME = 64;

export function serviceRules(config: Config): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [name, service] of Object.entries(config.services)) {
    const path = ['services', name] as const;
    const add = (key: string | undefined, message: string, severity?: 'warning') => {
      findings.push({
        path: key === undefined ? path : [...path, key],
        message,
        ...(severity === undefined ? {} : { severity }),
      });
    };
    const wrongName = nameTrouble(name);
    if (wrongName) add(undefined, wrongName);
    for (const trouble of envTroubles(service))
      findings.push({ path: [...path, ...trouble.path], message: trouble.message });
    findings.push(...afterRules(name, service, config));
    if (!hasSomethingToLookAt(service)) {
      add(undefined, 'has nothing to look at; add http, tcp, process: { match: … }, unit or start');
      continue;
    }
    const unitName = service.unit === undefined ? undefined : readUnitName(service.unit);
    if (typeof unitName === 'string') add('unit', unitName);
    for (const key of ['cwd', 'env'] as const) {
      // The variables of a gateway also say where it is.
      const isUsed = service.start !== undefined || (key === 'env' && service.preset !== undefined);
      if (service[key] !== undefined && !isUsed) add(key, 'has no effect without start', 'warning');
    }
    const slow = service.http?.slow;
    const timeout = service.http?.timeout ?? timeoutFor(hungAfterOf(service, config.policy));
    if (slow !== undefined && slow >= timeout)
      findings.push({
        path: [...path, 'http', 'slow'],
        message: `is ${writeDuration(slow)}, less than timeout (${writeDuration(timeout)}) is allowed`,
      });
    if (service.start?.[0]?.trim() === '') add('start', 'begins with an empty word, the name of a program is needed');
    const grace = service.startGrace ?? config.policy.startGrace;
    const cap = service.policy.startGraceCap ?? config.policy.startGraceCap;
    if (service.startGrace !== undefined && grace > cap)
      add('startGrace', `is ${writeDuration(grace)}, at most policy.startGraceCap (${writeDuration(cap)}) is allowed`);
  }
  return findings;
}

type Looked = Pick<ServiceConfig, 'preset' | 'http' | 'tcp' | 'process' | 'start' | 'unit'>;

export function hasSomethingToLookAt({ preset, http, tcp, process, start, unit }: Looked): boolean {
  const isKnown = preset !== undefined || process?.match !== undefined || start !== undefined || unit !== undefined;
  return http !== undefined || tcp !== undefined || isKnown;
}

function nameTrouble(name: string): string | undefined {
  if (name === '') return 'has no name';
  if (RESERVED.has(name.toLowerCase()))
    return `may not be the name of a service: ${name} means something else in commands`;
  // Bidi controls and line separators could make one name look like another (Unicode TR 36).
  if (/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff]/u.test(name)) return 'has control characters in its name';
  if (name.trim() !== name) return 'has a space at an end of its name';
  const length = [...name].length;
  return length > LONGEST_NAME ? `has a name of ${length} characters, at most ${LONGEST_NAME} are allowed` : undefined;
}

function envTroubles({ env = {}, http }: ServiceConfig): readonly { path: readonly string[]; message: string }[] {
  const names = Object.keys(env).filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  // RFC 9110, 5.6.2: a field name is a token.
  const headers = Object.keys(http?.headers ?? {}).filter((name) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name));
  const texts = Object.entries(http?.headers ?? {}).filter(
    ([, value]) => typeof value === 'string' && /[^\t\x20-\x7e\x80-\xff]/.test(value),
  );
  return [
    ...names.map((name) => ({ path: ['env', name], message: unfit(name, 'a name of letters, digits and _').because })),
    ...headers.map((name) => ({
      path: ['http', 'headers', name],
      message: unfit(name, 'the name of a header').because,
    })),
    ...texts.map(([name]) => ({ path: ['http', 'headers', name], message: 'has characters that no header may hold' })),
  ];
}

function afterRules(name: string, { after }: ServiceConfig, { services }: Config): readonly Finding[] {
  return after.flatMap((parent, index): Finding[] => {
    const path = ['services', name, 'after', index];
    if (parent === name) return [{ path, message: 'is the service itself' }];
    if (!Object.hasOwn(services, parent)) {
      const meant = nearest(parent, Object.keys(services));
      return [
        {
          path,
          message: unfit(parent, 'the name of a service').because,
          ...(meant === undefined ? {} : { didYouMean: meant }),
        },
      ];
    }
    const circle = wayBack(parent, name, services);
    return circle ? [{ path, message: `closes a circle: ${[name, ...circle].join(' → ')}` }] : [];
  });
}

/** The chain of parents from `from` to `to`, if there is one. */
function wayBack(
  from: string,
  to: string,
  services: Config['services'],
  seen = new Set<string>(),
): readonly string[] | undefined {
  if (from === to) return [from];
  if (seen.has(from)) return undefined;
  seen.add(from);
  for (const parent of services[from]?.after ?? []) {
    const rest = wayBack(parent, to, services, seen);
    if (rest) return [from, ...rest];
  }
  return undefined;
}
