import type { IncidentView, Snapshot, TargetView } from '../core/snapshot.ts';

/** health-data.js may have this many bytes (DASHBOARD.md §13). */
export const DATA_BUDGET = 200_000;

/**
 * The snapshot as it goes into files: every target and every open incident, and of the past what a page shows. The files
 * are rewritten thousands of times a day, and the daemon may write 100 MB a day in all (DESIGN.md §7).
 */
export function fitForFiles(snapshot: Snapshot): Snapshot {
  const fitted = keep(snapshot, { incidents: 20, told: 5, steps: 60, past: 5, recent: 5 });
  if (JSON.stringify(fitted).length <= DATA_BUDGET) return fitted;
  return keep(snapshot, { incidents: 5, told: 0, steps: 20, past: 0, recent: 0 });
}

type Room = {
  readonly incidents: number;
  readonly told: number;
  readonly steps: number;
  readonly past: number;
  readonly recent: number;
};

function keep(snapshot: Snapshot, room: Room): Snapshot {
  const open = snapshot.incidents.filter((incident) => incident.outcome === 'open');
  const closed = snapshot.incidents
    .filter((incident) => incident.outcome !== 'open')
    .sort((a, b) => b.start - a.start)
    .slice(0, room.incidents);
  const { listeners, logFolders } = snapshot.found;
  return {
    ...snapshot,
    targets: snapshot.targets.map((target) => withoutPast(target, room)),
    incidents: [
      ...open.map((incident) => lastSteps(incident, room.steps)),
      ...closed.map((incident, index) => lastSteps(incident, index < room.told ? room.steps : 0)),
    ],
    found: { listeners: listeners.slice(0, 20), logFolders: logFolders.slice(0, 20) },
  };
}

const withoutPast = ({ recent, ...target }: TargetView, room: Room): TargetView => ({
  ...target,
  // What is measured of a service is in its texts; only the figures of the host's resources are drawn.
  checks: target.kind === 'service' ? target.checks.map((check) => ({ ...check, metrics: {} })) : target.checks,
  rulings: target.rulings.slice(0, room.past),
  attempts: target.attempts.slice(0, room.past),
  ...(recent === undefined || room.recent === 0 ? {} : { recent: recent.slice(0, room.recent) }),
});

const lastSteps = (incident: IncidentView, kept: number): IncidentView => ({
  ...incident,
  // The first step says what broke; not `slice(-kept)` alone, as `slice(-0)` is everything.
  steps:
    incident.steps.length <= kept
      ? incident.steps
      : kept === 0
        ? []
        : [...incident.steps.slice(0, 1), ...incident.steps.slice(1 - kept)],
});
