import { meaningOf } from '../core/classify/meaning.ts';
import type { IncidentView, Snapshot, TargetView } from '../core/snapshot.ts';
import { sayDuration } from '../core/units.ts';
import { say, sayOnce } from './lines.ts';
import { type Paint, type Paper, paint } from './paper.ts';
import { table } from './table.ts';
import { fullTime, shortTime, since } from './time.ts';
import { mayAskNow, waitsForLimitMs } from './words.ts';

const OUTCOME: Record<IncidentView['outcome'], string> = {
  open: 'Open',
  'auto-fixed': 'Auto-fixed',
  'went-away': 'Went away',
  'needed-you': 'Needed you',
};

/** The history, newest first, as one table. */
export function incidentTable(incidents: readonly IncidentView[], paper: Paper): string[] {
  if (incidents.length === 0) return ['No incident is on record.'];
  const rows = incidents.map((incident) => ({
    cells: [
      incident.id,
      shortTime(incident.start, paper.nowMs),
      { text: lasted(incident, paper.nowMs), paint: 'faint' as Paint },
      { text: outcomeOf(incident), paint: outcomePaint(incident) },
      { text: incident.target, paint: 'bold' as Paint },
      incident.title,
    ],
  }));
  return table(
    [
      { title: 'id' },
      { title: 'began' },
      { title: 'for', right: true },
      { title: 'outcome' },
      { title: 'target', max: 20, min: 8 },
      { title: 'what', min: 12 },
    ],
    rows,
    paper,
  );
}

/** Open incidents as `status` shows them: title, phase, next step. */
export function openIncidents({ incidents, targets }: Snapshot, past: boolean, paper: Paper): string[] {
  return incidents
    .filter((incident) => incident.end === undefined)
    .flatMap((incident) => [
      sayOnce(
        `${incident.id} ${incident.title}, ${past ? `since ${shortTime(incident.start, paper.nowMs)}` : `${phaseOf(incident)} (${since(incident.start, paper.nowMs)})`}`,
        2,
        paper,
      ),
      ...(incident.class === undefined
        ? []
        : [sayOnce(`${incident.class}: ${incident.evidence?.at(-1) ?? incident.cause}`, 6, paper)]),
      ...(past
        ? []
        : nextOf(
            incident,
            targets.find((target) => target.id === incident.target),
            paper,
          )),
    ]);
}

/** What comes next, as read now: how long that is, and what need not wait for it. */
function nextOf(incident: IncidentView, target: TargetView | undefined, paper: Paper): string[] {
  if (incident.next === undefined) return [];
  const waitMs = target === undefined ? undefined : waitsForLimitMs(target, paper.nowMs);
  if (target === undefined || waitMs === undefined) return say(`next: ${incident.next}`, 6, paper, 'faint');
  return [
    ...say(`next: ${incident.next.replace(/\.$/, '')}, in ${sayDuration(waitMs)}.`, 6, paper, 'faint'),
    ...(mayAskNow(target, paper.nowMs) ? say(`now: jarvis-health recover ${incident.target}`, 6, paper, 'faint') : []),
  ];
}

/** One incident with its step timeline: time, mark, what; the evidence underneath. */
export function incidentStory(incident: IncidentView, paper: Paper): string[] {
  return [
    sayOnce(`${incident.id} ${incident.title}`, 0, paper, 'bold'),
    ...say(
      `${outcomeOf(incident)}; began ${fullTime(incident.start, paper.nowMs)}, ${
        incident.end === undefined
          ? `open for ${lasted(incident, paper.nowMs)}`
          : `ended ${fullTime(incident.end, paper.nowMs)} after ${lasted(incident, paper.nowMs)}`
      }`,
      0,
      paper,
    ),
    ...(incident.class === undefined ? [] : say(`Class: ${incident.class}, ${meaningOf(incident.class)}`, 0, paper)),
    ...(incident.cause === '' ? [] : say(`Cause: ${incident.cause}`, 0, paper)),
    ...(incident.ackAt === undefined
      ? []
      : say(`Acknowledged ${fullTime(incident.ackAt, paper.nowMs)}: no reminders.`, 0, paper)),
    ...(incident.stoppedAt === undefined
      ? []
      : say(`Recovery stopped by a person ${fullTime(incident.stoppedAt, paper.nowMs)}.`, 0, paper)),
    '',
    ...incident.steps.flatMap((step) => stepLines(step, paper)),
    ...(incident.end === undefined && incident.next !== undefined ? nextLines(incident.next, paper) : []),
  ];
}

// Sign, the same without UTF-8, colour; by the kinds the judge notes (src/core/incident.ts, `note`).
const TURNED_BAD = ['✖', 'x', 'bad'] as const;
const TURNED_GOOD = ['✔', '+', 'good'] as const;
const ACTS = ['↻', '@', 'plain'] as const;
const WAITS = ['‖', '=', 'blue'] as const;
const TELLS = ['▲', '!', 'watch'] as const;
const MARKS: Readonly<Record<string, readonly [string, string, Paint]>> = {
  detected: TURNED_BAD,
  escalated: TURNED_BAD,
  'step-failed': TURNED_BAD,
  'not-verified': TURNED_BAD,
  refused: TURNED_BAD,
  'gave-up': TURNED_BAD,
  'attempt-started': ACTS,
  'next-step': ACTS,
  retry: ACTS,
  'retry-planned': WAITS,
  'slo-missed': TURNED_BAD,
  'attempt-interrupted': TURNED_BAD,
  'attempt-helped': TURNED_GOOD,
  recovered: TURNED_GOOD,
  held: WAITS,
  stopped: WAITS,
};

function stepLines(step: IncidentView['steps'][number], paper: Paper): string[] {
  const [sign, ascii, as] =
    MARKS[step.kind] ?? (step.kind.startsWith('alert-') ? TELLS : (['•', '*', 'plain'] as const));
  const time = fullTime(step.at, paper.nowMs);
  const [first = '', ...more] = say(step.text, time.length + 4, paper);
  return [
    `${time}  ${paint(paper.unicode ? sign : ascii, as, paper)} ${first.trimStart()}`,
    ...more,
    ...(step.detail === undefined || step.detail === '' ? [] : say(step.detail, time.length + 4, paper, 'faint')),
  ];
}

function nextLines(next: string, paper: Paper): string[] {
  const [first = '', ...more] = say(`next: ${next}`, 12, paper);
  return [`          ${paper.unicode ? '○' : 'o'} ${first.trimStart()}`, ...more];
}

function phaseOf(incident: IncidentView): string {
  if (incident.stoppedAt !== undefined) return 'recovery stopped by a person';
  switch (incident.phase) {
    case 'detected':
      return 'detected';
    case 'recovering':
      return 'recovering';
    case 'recovered':
      return 'recovered';
    case 'failed':
      return 'recovery did not help; it waits for you';
    case 'suppressed':
      return 'on hold';
  }
}

function outcomeOf(incident: IncidentView): string {
  return incident.end === undefined && incident.phase === 'failed' ? 'Needs you' : OUTCOME[incident.outcome];
}

function outcomePaint(incident: IncidentView): Paint {
  if (incident.outcome === 'open') return incident.severity === 'critical' ? 'bad' : 'watch';
  return incident.outcome === 'needed-you' ? 'watch' : 'good';
}

function lasted(incident: IncidentView, nowMs: number): string {
  return sayDuration(Math.max(0, (incident.end ?? nowMs) - incident.start));
}
