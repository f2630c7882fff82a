import { reasonInTitle } from '../core/incident.ts';
import type { Incident } from '../core/state.ts';
import type { Ended, Outcome, Recorded } from './episode.ts';

/** What the daemon still remembers: exact in time, with what became of each attempt. */
export function recordedOf(incident: Incident): Recorded {
  const { id, target, title, started, ended, severity, steps } = incident;
  const automatic = (incident.attempts ?? []).filter(({ manual }) => !manual);
  return {
    incident: id,
    attempts: automatic.map((attempt) => attempt.started),
    alerts: steps.filter(({ kind }) => kind.startsWith('alert-')).length + (isResolutionTold(incident) ? 1 : 0),
    exhausted: steps.filter(({ kind }) => kind === 'gave-up').length,
    episode: {
      target,
      from: started.at,
      to: ended === undefined ? undefined : (incident.wellFrom ?? ended.at),
      // Title and reason may have become others since.
      reason: reasonInTitle(target, steps.find(({ kind }) => kind === 'detected')?.text ?? title) ?? incident.reason,
      class: incident.class,
      severity,
      ended: endedBy(incident),
      vain: automatic.filter(({ outcome }) => outcome !== 'recovered').map(outcomeOf),
    },
  };
}

/** The alert that all is well is in the audit and not in the incident. */
function isResolutionTold({ ended, sent }: Incident): boolean {
  return ended !== undefined && sent.opened;
}

function endedBy(incident: Incident): Ended {
  const { attempts = [], ended, outcome, wellFrom, personActed } = incident;
  if (ended === undefined) return { by: 'nobody' };
  const last = attempts.at(-1);
  if (last?.outcome === 'recovered' && !last.manual && !personActed) {
    const nth = attempts.filter(({ manual }) => !manual).length;
    const startMs = Math.max(0, (wellFrom ?? ended.at) - last.started - last.actedMs);
    return { by: 'attempt', nth, acts: last.acts, actMs: last.actMs, startMs };
  }
  return { by: outcome === 'needed-you' ? 'person' : 'itself' };
}

function outcomeOf({ result = 'done', actMs }: NonNullable<Incident['attempts']>[number]): Outcome {
  return { result, actMs };
}
