import type { CheckPlan, TargetKind } from '../core/plan.ts';
import type { CompleteConfig } from './complete.ts';
import { fingerprint } from './fingerprint.ts';
import { expandHome } from './paths.ts';
import type { Found } from './plan.ts';
import type { Given, GivenStep, TargetSketch } from './sketch.ts';

const NOTHING_MAY_GO =
  'nothing is configured that may be deleted; add `cleanup:` with the folder and age of files that may go';

export function planDisks(config: CompleteConfig, { homeFolder }: Found): readonly TargetSketch[] {
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
    .map(({ path, cleanup }): GivenStep => {
      const rules = cleanup.map(({ folder, match, olderThan, archive }) => ({
        folder: expandHome(folder, homeFolder),
        match,
        olderThanMs: olderThan,
        ...(archive === undefined ? {} : { archiveFolder: expandHome(archive, homeFolder) }),
      }));
      return { options: { path: expandHome(path, homeFolder), rules }, checks: [`disk:${path}`] };
    });
  const because = steps.length > 0 ? undefined : NOTHING_MAY_GO;
  return [sketch(config, 'disk', checks, { options: {}, steps: { 'clean-disk': steps } }, because)];
}

export function planMemory(config: CompleteConfig): readonly TargetSketch[] {
  const { memory } = config;
  if (memory === 'off') return [];
  const options = {
    warningPercent: memory.warning,
    criticalPercent: memory.critical,
    clearPercentPoints: memory.clear,
  };
  const checks = [check(config, 'memory:used', 'memory', memory, options)];
  return [sketch(config, 'memory', checks, { options: {} })];
}

export function planLogs(config: CompleteConfig, { homeFolder }: Found): readonly TargetSketch[] {
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
  const steps = rules.map(({ rule, id, match, archive }): GivenStep => {
    const options = { match, maxBytes: rule.maxSize, keep: rule.keep, compress: rule.compress, ...archive };
    return { options, checks: [id] };
  });
  return [sketch(config, 'logs', checks, { options: {}, steps: { 'rotate-log': steps } })];
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

function sketch(
  config: CompleteConfig,
  id: Resource,
  checks: readonly CheckPlan[],
  given: Given,
  because?: string,
): TargetSketch {
  const { policy } = config;
  const { playbook, ...own } = policy[id];
  const target: TargetSketch['target'] = {
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
    because,
    bringUp: false,
    fingerprint: fingerprint([config[id], own]),
  };
  return { target, checks, automatic: playbook, given };
}
