import { join } from 'node:path';
import type { FoundGateway, GatewayPlace } from '../core/gateway.ts';
import type { CheckPlan, TargetPlan } from '../core/plan.ts';
import type { Reason } from '../core/types.ts';
import type { CompleteConfig, CompleteService } from './complete.ts';
import { fingerprint } from './fingerprint.ts';
import { expandHome } from './paths.ts';
import type { Found } from './plan.ts';
import { cliGiven, gatewayOf } from './plan-gateway.ts';
import { AUTOMATIC } from './playbook-names.ts';
import { isThisHost } from './schema/places.ts';
import { serviceLogName } from './service-log.ts';
import type { TargetSketch } from './sketch.ts';

/** A look at a process reads one small file; finding it anew reads them all. */
const PROCESS_TIMEOUT_MS = 5000;
/** How long a start command is watched for ending at once. */
const SETTLE_MS = 300;

const ASKED_FOR: Readonly<Record<'5xx' | 'wrong-answer', Reason>> = {
  '5xx': 'failing',
  'wrong-answer': 'wrong-answer',
};

export function planService(
  name: string,
  service: CompleteService,
  config: CompleteConfig,
  found: Found,
): TargetSketch {
  const gateway = gatewayOf(name, service, found);
  const unit = service.unit ?? gateway?.place.unit;
  const options = optionsOf(name, service, found);
  const mode = config.policy.mode === 'observe' ? 'observe' : service.mode;
  const { policy } = service;
  const { playbook, ...rest } = service;
  const told = isDefault(service) ? rest : service;
  const target: TargetSketch['target'] = {
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
      ...budgetOf(policy),
    },
    cadenceMs: service.every,
    options,
    ...(service.start === undefined && unit === undefined
      ? { needsOwner: true, because: NOBODY_KNOWN }
      : { because: undefined }),
    ...(unit === undefined ? {} : { unit }),
    ...(service.start === undefined ? {} : { logFile: logFileOf(name, found.home) }),
    bringUp: mode === 'act',
    // A gateway that refused its configuration is tried anew when that has changed.
    fingerprint: fingerprint(
      gateway === undefined ? told : { service: told, gateway: { ...gateway, path: undefined } },
    ),
  };
  return {
    target,
    checks: checksOf(name, service, found),
    automatic: playbook,
    given: { options, steps: ownWords(service, gateway, found) },
  };
}

/** What nobody wrote is no change of the config, when a later version has another default. */
function isDefault({ playbook, preset }: CompleteService): boolean {
  return playbook === AUTOMATIC[preset ?? 'service'];
}

function budgetOf({ uncleanEnds }: CompleteService['policy']): Pick<TargetPlan['policy'], 'uncleanEnds'> {
  if (uncleanEnds === undefined) return {};
  const { most, window, patience } = uncleanEnds;
  return { uncleanEnds: { most, windowMs: window, patienceMs: patience } };
}

const NOBODY_KNOWN =
  'no start command or owner is known; add `start:` with the command that starts it, or `unit:` with its owner';

/** All that a restart needs to know of the service. */
function optionsOf(name: string, service: CompleteService, found: Found): Readonly<Record<string, unknown>> {
  const { home, homeFolder } = found;
  const gateway = gatewayOf(name, service, found);
  return {
    service: name,
    ...(service.start === undefined ? {} : { argv: service.start.map((word) => expandHome(word, homeFolder)) }),
    ...folderOf(service, homeFolder),
    env: { ...(gateway?.path === undefined ? {} : { PATH: gateway.path }), ...service.env },
    logFile: logFileOf(name, home),
    stopGraceMs: service.stopGrace,
    hungStopGraceMs: service.hungStopGrace,
    settleMs: SETTLE_MS,
    ...recognisedBy(service, gateway),
  };
}

/** A gateway's own command line is asked after its owner has failed: without an owner it starts nothing. */
function ownWords(
  service: CompleteService,
  gateway: FoundGateway | undefined,
  found: Found,
): NonNullable<TargetSketch['given']['steps']> {
  if (service.preset === undefined) return {};
  const asksCli = gateway !== undefined && service.start === undefined;
  return { 'gateway-cli-restart': asksCli ? [cliGiven(gateway, service, found)] : [] };
}

function checksOf(name: string, service: CompleteService, found: Found): readonly CheckPlan[] {
  const { home, homeFolder } = found;
  const { http, tcp, policy } = service;
  const gateway = gatewayOf(name, service, found);
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
        ...recognisedBy(service, gateway),
        ...(argv === undefined ? {} : { argv }),
        ...folderOf(service, homeFolder),
        ...(argv === undefined ? {} : { logFile: logFileOf(name, home) }),
      },
    },
  ];
  if (service.preset === 'gateway' && http === undefined) {
    const options = { gateway: gateway?.place };
    checks.push({
      ...common,
      id: `${name}:gateway`,
      name: 'gateway',
      everyMs: service.every,
      timeoutMs: service.timeout,
      options,
    });
  }
  if (http !== undefined) {
    const { url, body, headers, method, status, slow } = http;
    const options = {
      url,
      statuses: status,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
      method,
      ...(slow === undefined ? {} : { slowMs: slow }),
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

/** By what the process is known: its owner, part of its command line, and its port when the port is on this host. */
function recognisedBy(
  service: CompleteService,
  gateway: FoundGateway | undefined,
): { match?: string; port?: number; unit?: string; gateway?: GatewayPlace } {
  const { http, tcp, process, unit } = service;
  const url = http === undefined ? undefined : new URL(http.url);
  const own = [
    ...(url === undefined
      ? []
      : [{ host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) }]),
    ...(tcp === undefined ? [] : [tcp.address]),
  ].find(({ host }) => isThisHost(host));
  return {
    ...(process.match === undefined ? {} : { match: process.match }),
    ...(unit === undefined ? {} : { unit }),
    ...(gateway === undefined ? {} : { port: gateway.place.port, gateway: gateway.place }),
    ...(own === undefined ? {} : { port: own.port }),
  };
}
