import type { CheckPlan, Playbook, Step, TargetKind, TargetPlan } from '../core/plan.ts';
import type { CompleteConfig } from './complete.ts';
import { fingerprint } from './fingerprint.ts';
import { expandHome } from './paths.ts';
import type { Found, PlanPart } from './plan.ts';
import { ONCE, SLO_MS } from './plan-steps.ts';

/** Compressing and deleting old logs takes its time on a slow disk. */
const FILES_TIMEOUT_MS = 600_000;
const REPORT_TIMEOUT_MS = 20_000;

export function planDisks(config: CompleteConfig, { homeFolder }: Found): readonly PlanPart[] {
  if (config.disk.length === 0) return [];
  const checks = config.disk.map((disk) =>
    check(config, `disk:${disk.path}`, 'disk', disk, {
      path: expandHome(disk.path, homeFolder),
      warningPercent: disk.warning,
      criticalPercent: disk.critical,
      clearPercentPoints: disk.clear,
    }),
  );
  const steps = config.disk
    .filter(({ cleanup }) => cleanup.length > 0)
    .map(({ path, cleanup }): Step => {
      const rules = cleanup.map(({ folder, match, olderThan, archive }) => ({
        folder: expandHome(folder, homeFolder),
        match,
        olderThanMs: olderThan,
        ...(archive === undefined ? {} : { archiveFolder: expandHome(archive, homeFolder) }),
      }));
      const options = { path: expandHome(path, homeFolder), rules };
      return {
        action: 'clean-disk',
        recovers: true,
        timeoutMs: FILES_TIMEOUT_MS,
        checks: [`disk:${path}`],
        options,
        ...ONCE,
      };
    });
  const because =
    'nothing is configured that may be deleted; add `cleanup:` with the folder and age of files that may go';
  const playbook = { name: 'disk-clean', summary: 'Cleans up the disk that is full.', sloMs: SLO_MS, steps };
  return [{ target: target(config, 'disk', steps.length > 0 ? playbook : because, checks), checks }];
}

export function planMemory(config: CompleteConfig): readonly PlanPart[] {
  const { memory } = config;
  if (memory === 'off') return [];
  const options = {
    warningPercent: memory.warning,
    criticalPercent: memory.critical,
    clearPercentPoints: memory.clear,
  };
  const checks = [check(config, 'memory:used', 'memory', memory, options)];
  // Memory is never freed by ending something: what uses it is told, and a person decides.
  const step: Step = {
    action: 'report-top-processes',
    recovers: false,
    timeoutMs: REPORT_TIMEOUT_MS,
    options: { count: 5 },
    ...ONCE,
  };
  const summary = 'Reports who uses most memory.';
  const playbook = { name: 'memory-report', summary, sloMs: SLO_MS, steps: [step] };
  return [{ target: target(config, 'memory', playbook, checks), checks }];
}

export function planLogs(config: CompleteConfig, { homeFolder }: Found): readonly PlanPart[] {
  if (config.logs.length === 0) return [];
  const rules = config.logs.map((rule) => ({
    rule,
    id: `logs:${rule.match}`,
    match: expandHome(rule.match, homeFolder),
    archive: rule.archive === undefined ? {} : { archiveFolder: expandHome(rule.archive, homeFolder) },
  }));
  const checks = rules.map(({ rule, id, match, archive }) => {
    return { ...check(config, id, 'log-size', rule, { match, maxBytes: rule.maxSize, ...archive }), target: 'logs' };
  });
  const steps = rules.map(({ rule, id, match, archive }): Step => {
    const options = { match, maxBytes: rule.maxSize, keep: rule.keep, compress: rule.compress, ...archive };
    return { action: 'rotate-log', recovers: true, timeoutMs: FILES_TIMEOUT_MS, checks: [id], options, ...ONCE };
  });
  const playbook = { name: 'log-rotate', summary: 'Rotates logs that have grown too large.', sloMs: SLO_MS, steps };
  return [{ target: target(config, 'logs', playbook, checks), checks }];
}

type Times = { readonly every: number; readonly timeout: number; readonly for: number };

function check({ policy }: CompleteConfig, id: string, name: string, times: Times, options: object): CheckPlan {
  return {
    id,
    target: name,
    name,
    everyMs: times.every,
    timeoutMs: times.timeout,
    forMs: times.for,
    failureThreshold: policy.failureThreshold,
    successThreshold: policy.successThreshold,
    retryEveryMs: policy.retryEvery,
    hungAfterMs: policy.hungAfter,
    options,
  };
}

type Resource = Exclude<TargetKind, 'service'>;

function target(
  config: CompleteConfig,
  id: Resource,
  plan: Playbook | string,
  checks: readonly CheckPlan[],
): TargetPlan {
  const { policy } = config;
  const own = policy[id];
  return {
    id,
    kind: id,
    mode: policy.mode === 'observe' ? 'observe' : own.mode,
    parents: [],
    policy: {
      cooldownMs: own.cooldown,
      maxAttemptsPerHour: own.maxAttemptsPerHour,
      forgetAfterMs: own.forgetAfter,
      // Disks, memory and logs are never started.
      startGraceMs: 0,
      startGraceCapMs: 0,
      recoverOn: ['over-limit'],
      bringUpTries: 0,
      bringUpBackoffMs: 0,
    },
    cadenceMs: Math.min(...checks.map(({ everyMs }) => everyMs)),
    playbooks: typeof plan === 'string' ? [] : [plan],
    byHand: [],
    because: typeof plan === 'string' ? plan : undefined,
    bringUp: false,
    fingerprint: fingerprint([config[id], own]),
  };
}
