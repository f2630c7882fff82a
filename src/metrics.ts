import type { Figures } from './core/figures-of-recovery.ts';
import type { Snapshot } from './core/snapshot.ts';

const STATUS_NUMBER = { ok: 0, idle: 0, warning: 1, critical: 2, unknown: 3 } as const;

/** The snapshot and the daemon's own punctuality in Prometheus text format 0.0.4. */
export function renderMetrics(
  snapshot: Snapshot,
  own: { readonly lagP50Ms: number; readonly lagP99Ms: number; readonly looks: number },
): string {
  const lines = [
    '# HELP jarvis_health_target_status Nagios scale: 0 ok, 1 warning, 2 critical, 3 unknown.',
    '# TYPE jarvis_health_target_status gauge',
    ...snapshot.targets.map(
      (target) => `jarvis_health_target_status{target="${quoted(target.id)}"} ${STATUS_NUMBER[target.status]}`,
    ),
    ...memoryLines(snapshot),
    '# HELP jarvis_health_incidents_open Incidents that are not over.',
    '# TYPE jarvis_health_incidents_open gauge',
    `jarvis_health_incidents_open ${snapshot.incidents.filter((incident) => incident.end === undefined).length}`,
    ...recoveryLines(snapshot),
    '# HELP jarvis_health_alerts_pending Alerts that nobody has taken.',
    '# TYPE jarvis_health_alerts_pending gauge',
    `jarvis_health_alerts_pending ${snapshot.alerts.pending.length}`,
    '# HELP jarvis_health_looks_total Looks since the daemon started.',
    '# TYPE jarvis_health_looks_total counter',
    `jarvis_health_looks_total ${own.looks}`,
    '# HELP jarvis_health_schedule_lag_ms How late looks began, over the last 2000.',
    '# TYPE jarvis_health_schedule_lag_ms summary',
    `jarvis_health_schedule_lag_ms{quantile="0.5"} ${own.lagP50Ms.toFixed(3)}`,
    `jarvis_health_schedule_lag_ms{quantile="0.99"} ${own.lagP99Ms.toFixed(3)}`,
    '# HELP process_resident_memory_bytes Resident memory of the daemon.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${snapshot.daemon.rssBytes}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Only what is measured with all that runs under it (docs/gateway.md); without any there is no such metric. */
function memoryLines({ targets }: Snapshot): readonly string[] {
  const lines = targets.flatMap(({ id, checks }) => {
    const bytes = checks.map(({ metrics }) => metrics['memoryBytes']).find((one) => one !== undefined);
    return bytes === undefined ? [] : [`jarvis_health_target_memory_bytes{target="${quoted(id)}"} ${bytes}`];
  });
  if (lines.length === 0) return [];
  return [
    '# HELP jarvis_health_target_memory_bytes Resident memory of a target and all that runs under it.',
    '# TYPE jarvis_health_target_memory_bytes gauge',
    ...lines,
  ];
}

const HOST_STATES = ['active', 'recovering', 'degraded'] as const;

/** Gauges, not counters: they are of the incidents that are kept, and the oldest of those goes when a new one comes. */
function recoveryLines({ recovery, targets }: Snapshot): readonly string[] {
  const state = HOST_STATES.map((one) => {
    return `jarvis_health_recovery_state{state="${one}"} ${recovery?.state === one ? 1 : 0}`;
  });
  const known = targets.flatMap(({ id, figures }) => (figures === undefined ? [] : [{ id, figures }]));
  const gauge = (name: string, help: string, figureOf: (figures: Figures) => number | undefined): readonly string[] => {
    const values = known.flatMap(({ id, figures }) => {
      const value = figureOf(figures);
      return value === undefined ? [] : [`jarvis_health_${name}{target="${quoted(id)}"} ${value}`];
    });
    if (values.length === 0) return [];
    return [`# HELP jarvis_health_${name} ${help}`, `# TYPE jarvis_health_${name} gauge`, ...values];
  };
  return [
    '# HELP jarvis_health_recovery_state 1 for the one state of recovery that the host is in.',
    '# TYPE jarvis_health_recovery_state gauge',
    ...(recovery === undefined ? [] : state),
    ...gauge('incidents_kept', 'Incidents that the figures below are made of.', (one) => one.incidents),
    ...gauge('recovery_time_mean_seconds', 'From the first failed look until it was well again.', ({ meanMs }) =>
      seconds(meanMs),
    ),
    ...gauge('recovery_time_median_seconds', 'The same, the middle one.', ({ medianMs }) => seconds(medianMs)),
    ...gauge('recovery_attempts', 'Automatic attempts that have ended.', (one) => one.attempts),
    ...gauge('recovery_success_ratio', 'Share of them that were followed by health.', ratio),
    ...gauge('human_intervention_ratio', 'Share of the incidents that needed a person.', (one) =>
      round(one.neededPerson / one.incidents),
    ),
    ...gauge('false_recoveries', 'Attempts on what was well, or that failed again soon.', (one) => one.falseRecoveries),
  ];
}

function ratio({ attempts, helped }: Figures): number | undefined {
  return attempts === 0 ? undefined : round(helped / attempts);
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

/** Label values escape backslash, quote and newline (Prometheus text format). */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
