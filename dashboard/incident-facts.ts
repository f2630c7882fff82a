import type { IncidentView, Snapshot, TargetView } from '../src/core/snapshot.ts';
import { type Calendar, duration } from './measure.ts';
import * as WORDS from './words.ts';

type Known = {
  readonly incident: IncidentView;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** What is known about an open incident, as name and answer. Without an answer there is no row. */
export function factsOf({ incident, snapshot, now, grey, calendar }: Known): readonly (readonly [string, string])[] {
  const target = snapshot.targets.find((one) => one.id === incident.target);
  const before = snapshot.incidents
    .filter((one) => one.target === incident.target && one.end !== undefined && one.start < incident.start)
    .sort((a, b) => b.start - a.start)[0];
  const hold = snapshot.holds.find((one) => one.scope === incident.target || one.scope === 'all');
  // Where the timeline has a next step, its time is there, or why there is none.
  const told = (incident.next ?? '') !== '';
  const nextAt = grey || told ? undefined : target?.limits.nextAttemptAt;
  const rows: (readonly [string, string | undefined])[] = [
    [WORDS.factCause, incident.cause],
    [WORDS.factAffects, incident.affects?.join(', ')],
    [WORDS.factChanged, changesText(incident.changedBefore ?? [], (at) => calendar.moment(at, now))],
    [WORDS.factHold, hold?.reason],
    [WORDS.factTried, target && WORDS.factTriedValue(target.limits.attemptsLastHour, target.limits.maxAttemptsPerHour)],
    [WORDS.factNext, nextAt === undefined ? undefined : calendar.moment(nextAt, now)],
    // Beside its time the timeline says what will be done.
    [WORDS.factPlan, told && target?.limits.nextAttemptAt !== undefined ? undefined : target?.plan.join(', then ')],
    [WORDS.factTryNow, grey || target === undefined ? undefined : commandNow(target, snapshot.daemon.startHint, now)],
    [WORDS.factNothing, target?.plan.length === 0 && !told ? target.because : undefined],
    [
      WORDS.factLast,
      before?.end === undefined
        ? undefined
        : WORDS.factLastValue(
            calendar.short(before.start, now),
            (WORDS.outcomes[before.outcome] ?? before.outcome).toLowerCase(),
            duration(before.end - before.start),
          ),
    ],
  ];
  return rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

const HOUR_MS = 3_600_000;

/** What a person may type instead of waiting for a limit; once an hour, for then it is their own limit too. */
function commandNow({ id, rulings, limits, attempts }: TargetView, startHint: string, now: number): string | undefined {
  const waits = rulings[0]?.code.startsWith('limit-') === true && (limits.nextAttemptAt ?? 0) > now;
  if (!waits || attempts.some(({ manual, at }) => manual && now - at < HOUR_MS)) return undefined;
  // The command that starts the daemon knows where the program is, and which home it has.
  const command = /^(.*\S) start$/.exec(startHint)?.[1] ?? 'jarvis-health';
  return `${command} recover ${id}`;
}

/** Oldest first; what came again is told once, with how often and when last. */
function changesText(changes: NonNullable<IncidentView['changedBefore']>, moment: (at: number) => string): string {
  const times = new Map<string, number[]>();
  for (const { at, text } of changes) times.set(text, [...(times.get(text) ?? []), at]);
  return [...times]
    .map(([text, all]) => ({ text, count: all.length, last: Math.max(...all) }))
    .sort((a, b) => a.last - b.last)
    .map(({ text, count, last }) =>
      count === 1 ? `${moment(last)} ${text}` : WORDS.cameAgain(text, count, moment(last)),
    )
    .join('; ');
}
