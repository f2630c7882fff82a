import { join } from 'node:path';
import type { CheckPlan, Playbook, TargetPlan } from '../core/plan.ts';
import type { Reason } from '../core/types.ts';
import type { CompleteConfig, CompleteService } from './complete.ts';
import { fingerprint } from './fingerprint.ts';
import { expandHome } from './paths.ts';
import type { Found, PlanPart } from './plan.ts';
import { isLoopback } from './schema/places.ts';
import { serviceLogName } from './service-log.ts';

/** A look at a process reads one small file; finding it anew reads them all. */
const PROCESS_TIMEOUT_MS = 5000;
/** How long a start command is watched for ending at once. */
const SETTLE_MS = 300;

const ASKED_FOR: Readonly<Record<'5xx' | 'wrong-answer', Reason>> = {
  '5xx': 'failing',
  'wrong-answer': 'wrong-answer',
};

export function planService(name: string, service: CompleteService, config: CompleteConfig, found: Found): PlanPart {
  const playbook = playbookOf(name, service, found);
  const mode = config.policy.mode === 'observe' ? 'observe' : service.mode;
  const { policy } = service;
  const target: TargetPlan = {
    id: name,
    kind: 'service',
    mode,
    parents: service.after,
    policy: {
      cooldownMs: policy.cooldown,
      maxAttemptsPerHour: policy.maxAttemptsPerHour,
      forgetAfterMs: policy.forgetAfter,
      startGraceMs: service.startGrace,
      startGraceCapMs: policy.startGraceCap,
      recoverOn: policy.recoverOn.map((word) => ASKED_FOR[word]),
      bringUpTries: policy.bringUpTries,
      bringUpBackoffMs: policy.bringUpBackoff,
    },
    cadenceMs: service.every,
    playbook,
    because: playbook === undefined ? becauseOf(service) : undefined,
    ...(playbook === undefined ? {} : { logFile: logFileOf(name, found.home) }),
    bringUp: playbook !== undefined && mode === 'act',
    fingerprint: fingerprint(service),
  };
  return { target, checks: checksOf(name, service, found) };
}

function becauseOf({ unit }: CompleteService): string {
  if (unit !== undefined)
    return `its owner ${unit} cannot be asked yet (not built), and nobody else may restart it; take \`unit:\` out to let \`start:\` be used`;
  return 'no start command or owner is known; add `start:` with the command that starts it';
}

function playbookOf(name: string, service: CompleteService, { home, homeFolder }: Found): Playbook | undefined {
  // Two that restart the same program fight each other: a service with an owner is its owner's.
  if (service.start === undefined || service.unit !== undefined) return undefined;
  const step = {
    action: 'restart-service',
    recovers: true,
    // Both signals may be waited for; the rest is for looking, starting and settling.
    timeoutMs: service.stopGrace + service.hungStopGrace + SETTLE_MS + 20_000,
    options: {
      service: name,
      argv: service.start.map((word) => expandHome(word, homeFolder)),
      ...folderOf(service, homeFolder),
      env: service.env ?? {},
      logFile: logFileOf(name, home),
      stopGraceMs: service.stopGrace,
      hungStopGraceMs: service.hungStopGrace,
      settleMs: SETTLE_MS,
      ...recognisedBy(service),
    },
  };
  return { name: 'service-restart', steps: [step] };
}

function checksOf(name: string, service: CompleteService, { home, homeFolder }: Found): readonly CheckPlan[] {
  const { http, tcp, policy } = service;
  const common = {
    target: name,
    forMs: undefined,
    failureThreshold: policy.failureThreshold,
    successThreshold: policy.successThreshold,
    retryEveryMs: policy.retryEvery,
    hungAfterMs: service.hungAfter,
  };
  const argv = service.start?.map((word) => expandHome(word, homeFolder));
  const checks: CheckPlan[] = [
    {
      ...common,
      id: `${name}:process`,
      name: 'process',
      everyMs: service.process.every,
      timeoutMs: PROCESS_TIMEOUT_MS,
      options: {
        service: name,
        ...recognisedBy(service),
        ...(argv === undefined ? {} : { argv }),
        ...folderOf(service, homeFolder),
        ...(argv === undefined ? {} : { logFile: logFileOf(name, home) }),
      },
    },
  ];
  if (http !== undefined) {
    const { url, body, headers, method, status } = http;
    const options = {
      url,
      statuses: status,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
      method,
    };
    checks.push({ ...common, id: `${name}:http`, name: 'http', everyMs: http.every, timeoutMs: http.timeout, options });
  }
  if (tcp !== undefined) {
    checks.push({
      ...common,
      id: `${name}:tcp`,
      name: 'tcp',
      everyMs: tcp.every,
      timeoutMs: tcp.timeout,
      options: tcp.address,
    });
  }
  return checks;
}

function folderOf({ cwd }: CompleteService, homeFolder: string): { cwd?: string } {
  return cwd === undefined ? {} : { cwd: expandHome(cwd, homeFolder) };
}

function logFileOf(name: string, home: string): string {
  return join(home, 'logs', 'services', serviceLogName(name));
}

/** By what the process is known: part of its command line, and its port when the port is on this host. */
function recognisedBy({ http, tcp, process }: CompleteService): { match?: string; port?: number } {
  const url = http === undefined ? undefined : new URL(http.url);
  const own = [
    ...(url === undefined
      ? []
      : [{ host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) }]),
    ...(tcp === undefined ? [] : [tcp.address]),
  ].find(({ host }) => isLoopback(host));
  return {
    ...(process.match === undefined ? {} : { match: process.match }),
    ...(own === undefined ? {} : { port: own.port }),
  };
}
