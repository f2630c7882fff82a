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

/** Label values escape backslash, quote and newline (Prometheus text format). */
function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
