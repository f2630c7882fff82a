import { AUTOMATIC } from './playbook-names.ts';
import type { Config, ServiceConfig } from './schema/config.ts';
import { type DiskConfig, defaultDisk, defaultMemory, type MemoryConfig } from './schema/resources.ts';

type ResourcePolicy = Required<Omit<Config['policy']['logs'], 'playbook'>> & { readonly playbook: readonly string[] };
type Look = { readonly every: number; readonly timeout: number };

export type CompleteService = Omit<ServiceConfig, 'http' | 'tcp' | 'process' | 'playbook' | 'policy'> & {
  readonly http?: NonNullable<ServiceConfig['http']> & Look;
  readonly tcp?: NonNullable<ServiceConfig['tcp']> & Look;
  readonly process: NonNullable<ServiceConfig['process']>;
  readonly every: number;
  readonly hungAfter: number;
  readonly startGrace: number;
  readonly stopGrace: number;
  /** Of a look that sets none itself. */
  readonly timeout: number;
  readonly mode: 'act' | 'observe';
  readonly playbook: readonly string[];
  readonly policy: Required<Omit<ServiceConfig['policy'], 'uncleanEnds'>> &
    Pick<ServiceConfig['policy'], 'uncleanEnds'>;
};

/** The config with nothing left out: what is derived (a time-out from hungAfter, a policy from the common one) filled in. */
export type CompleteConfig = Omit<Config, 'services' | 'disk' | 'memory' | 'policy'> & {
  readonly services: Readonly<Record<string, CompleteService>>;
  readonly disk: readonly DiskConfig[];
  readonly memory: MemoryConfig | 'off';
  readonly policy: Omit<Config['policy'], 'disk' | 'memory' | 'logs'> &
    Readonly<Record<'disk' | 'memory' | 'logs', ResourcePolicy>>;
};

/**
 * `configured`: without a config nothing is acted on, and every disk that was found is watched.
 * `mounts`: paths of the real, writable disks of this host.
 */
export function completeConfig(config: Config, configured: boolean, mounts: readonly string[]): CompleteConfig {
  const mode = configured ? config.policy.mode : 'observe';
  const common = { ...config.policy, mode };
  const resource = (
    own: Config['policy']['logs'],
    playbook: readonly string[],
    cooldown = common.cooldown,
    maxAttemptsPerHour = common.maxAttemptsPerHour,
  ): ResourcePolicy => ({
    mode: configured ? (own.mode ?? mode) : 'observe',
    cooldown: own.cooldown ?? cooldown,
    maxAttemptsPerHour: own.maxAttemptsPerHour ?? maxAttemptsPerHour,
    forgetAfter: own.forgetAfter ?? common.forgetAfter,
    playbook: own.playbook ?? playbook,
  });
  const policy = {
    ...common,
    disk: resource(config.policy.disk, AUTOMATIC.disk),
    memory: resource(config.policy.memory, AUTOMATIC.memory),
    // Rotation is routine, not recovery: several logs may fill at once and all day long.
    logs: resource(config.policy.logs, AUTOMATIC.logs, 60_000, 12),
  };
  const services = Object.entries(config.services).map(
    ([name, service]) => [name, completeService(service, policy)] as const,
  );
  const found = configured || mounts.length === 0 ? ['/'] : mounts;
  return {
    ...config,
    policy,
    services: Object.fromEntries(services),
    disk: config.disk ?? found.map(defaultDisk),
    memory: config.memory ?? defaultMemory(),
  };
}

const STOP_GRACE_MS = 10_000;

/**
 * What a preset brings where the config says nothing. A gateway boots for minutes on a host with many plugins, drains
 * before it stops, and keeps its channels off after too many unclean ends (docs/gateway.md).
 */
export const PRESETS = {
  gateway: {
    hungAfter: 90_000,
    startGrace: 300_000,
    stopGrace: 60_000,
    uncleanEnds: { most: 2, window: 600_000, patience: 1_800_000 },
  },
} as const;

function startGraceOf(own: number | undefined, service: ServiceConfig, policy: CompleteConfig['policy']): number {
  if (own === undefined) return policy.startGrace;
  return Math.min(Math.max(own, policy.startGrace), service.policy.startGraceCap ?? policy.startGraceCap);
}

function uncleanEndsOf(budget: ServiceConfig['policy']['uncleanEnds']): Pick<ServiceConfig['policy'], 'uncleanEnds'> {
  return budget === undefined ? {} : { uncleanEnds: budget };
}

export function hungAfterOf(service: ServiceConfig, policy: { readonly hungAfter: number }): number {
  return service.hungAfter ?? (service.preset && PRESETS[service.preset].hungAfter) ?? policy.hungAfter;
}

/** How long a look may take where nothing else is written: three looks must fit into the silence that proves a hang. */
export function timeoutFor(hungAfter: number): number {
  return Math.min(10_000, Math.max(1000, Math.round(hungAfter / 3)));
}

function completeService(service: ServiceConfig, policy: CompleteConfig['policy']): CompleteService {
  const own = service.preset === undefined ? undefined : PRESETS[service.preset];
  const hungAfter = hungAfterOf(service, policy);
  const every = service.every ?? Math.min(10_000, hungAfter);
  const timeout = timeoutFor(hungAfter);
  const look = (given: { readonly every?: number; readonly timeout?: number }): Look => ({
    every: given.every ?? every,
    timeout: given.timeout ?? timeout,
  });
  const { http, tcp, process, ...rest } = service;
  return {
    ...rest,
    ...(http === undefined ? {} : { http: { ...http, ...look(http) } }),
    ...(tcp === undefined ? {} : { tcp: { ...tcp, ...look(tcp) } }),
    process: process ?? { every: 250 },
    every,
    hungAfter,
    timeout,
    startGrace: service.startGrace ?? startGraceOf(own?.startGrace, service, policy),
    stopGrace: service.stopGrace ?? own?.stopGrace ?? STOP_GRACE_MS,
    mode: service.mode ?? policy.mode,
    playbook: service.playbook ?? AUTOMATIC[service.preset ?? 'service'],
    policy: {
      failureThreshold: service.policy.failureThreshold ?? policy.failureThreshold,
      successThreshold: service.policy.successThreshold ?? policy.successThreshold,
      retryEvery: service.policy.retryEvery ?? policy.retryEvery,
      cooldown: service.policy.cooldown ?? policy.cooldown,
      maxAttemptsPerHour: service.policy.maxAttemptsPerHour ?? policy.maxAttemptsPerHour,
      forgetAfter: service.policy.forgetAfter ?? policy.forgetAfter,
      startGraceCap: service.policy.startGraceCap ?? policy.startGraceCap,
      recoverOn: service.policy.recoverOn ?? policy.recoverOn,
      bringUpTries: service.policy.bringUpTries ?? policy.bringUpTries,
      bringUpBackoff: service.policy.bringUpBackoff ?? policy.bringUpBackoff,
      ...uncleanEndsOf(service.policy.uncleanEnds ?? own?.uncleanEnds),
    },
  };
}
