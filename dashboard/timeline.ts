import type { IncidentView, TargetView } from '../src/core/snapshot.ts';
import { type Look, lookOf } from './state-look.ts';
import * as WORDS from './words.ts';
import { inThePast } from './words.ts';

/** One line of an incident's story. Done: a dot. A turning point: its sign. Running: the turning ring. Next: a hollow dot. */
export type TimelineStep = {
  readonly at: number | undefined;
  readonly mark: 'done' | 'turning-point' | 'under-way' | 'next';
  readonly look: Look | undefined;
  readonly text: string;
  readonly detail: string | undefined;
};

/** Steps shown before "Show more": the first, which says what broke, and the latest. */
const SHOWN = 8;

/** `grey`: the data is not current, so nothing is promised: a daemon that is stopped tries nothing more. */
export function timelineOf(
  incident: IncidentView,
  target: TargetView | undefined,
  grey: boolean,
): readonly TimelineStep[] {
  const isRecovering = incident.outcome === 'open' && incident.phase === 'recovering';
  // What an attempt has done so far comes after its own line.
  const begun = incident.steps.findLastIndex(({ kind }) => BEGINS.includes(kind));
  const underWay = isRecovering ? (begun < 0 ? incident.steps.length - 1 : begun) : -1;
  const steps = incident.steps.map((step, index): TimelineStep => {
    const running = index === underWay;
    const look = running ? lookOf('recovering') : turningPoint(step.kind, incident);
    const mark = running ? 'under-way' : look === undefined ? 'done' : 'turning-point';
    return { at: step.at, mark, look, text: running && grey ? inThePast(step.text) : step.text, detail: step.detail };
  });
  if (grey || incident.outcome !== 'open' || incident.next === undefined || incident.next === '') return steps;
  return [...steps, { mark: 'next', look: undefined, ...nextOf(incident.next, target) }];
}

const BEGINS: readonly string[] = ['attempt-started', 'next-step', 'retry'];

/** With its time beside it a wait needs no words of it; what will be done then does. */
function nextOf(next: string, target: TargetView | undefined): Pick<TimelineStep, 'at' | 'text' | 'detail'> {
  const { limits, plan = [], recovery } = target ?? {};
  if (recovery?.until !== undefined) {
    const text = recovery.phase === 'waiting' ? WORDS.triedAgain : WORDS.latestEnd(recovery.waitsFor);
    return { at: recovery.until, text, detail: undefined };
  }
  const at = limits?.nextAttemptAt;
  if (limits === undefined || at === undefined || plan.length === 0) return { at, text: next, detail: undefined };
  const nth = limits.attemptsLastHour + 1;
  const which = nth <= limits.maxAttemptsPerHour ? WORDS.nthAttempt(nth, limits.maxAttemptsPerHour) : WORDS.oneAttempt;
  return { at, text: `${which}: ${plan.join(', then ')}`, detail: next.replace(/; next attempt at [^;]*\.$/, '.') };
}

function turningPoint(kind: string, incident: IncidentView): Look | undefined {
  switch (kind) {
    case 'detected':
    case 'escalated':
      return lookOf(incident.severity === 'critical' ? 'down' : 'slow');
    case 'failed':
    case 'gave-up':
      return lookOf('down');
    case 'recovered':
      return lookOf('working');
    default:
      return undefined;
  }
}

export function stepsShown(steps: readonly TimelineStep[]): readonly TimelineStep[] {
  const [first] = steps;
  if (first === undefined || steps.length <= SHOWN) return steps;
  return [first, ...steps.slice(-(SHOWN - 1))];
}

/** Worst first: critical before warning, and the one that began first, for it is likelier the cause. */
export function openIncidents(incidents: readonly IncidentView[]): readonly IncidentView[] {
  const weight = (incident: IncidentView): number => (incident.severity === 'critical' ? 0 : 1);
  return incidents.filter((one) => one.outcome === 'open').sort((a, b) => weight(a) - weight(b) || a.start - b.start);
}
