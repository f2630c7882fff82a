import type { JSX } from 'preact';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { type Calendar, duration } from './measure.ts';
import { WORDS } from './words.ts';

type Props = {
  readonly incident: IncidentView;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** Beside the timeline: what is known about this trouble. Rows without an answer are left out. */
export function Facts(props: Props): JSX.Element | null {
  const rows = factsOf(props);
  if (rows.length === 0) return null;
  return (
    <aside class="facts" aria-label={WORDS.facts}>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}

function factsOf({ incident, snapshot, now, grey, calendar }: Props): readonly (readonly [string, string])[] {
  const target = snapshot.targets.find((one) => one.id === incident.target);
  const before = snapshot.incidents
    .filter((one) => one.target === incident.target && one.end !== undefined && one.start < incident.start)
    .sort((a, b) => b.start - a.start)[0];
  const hold = snapshot.holds.find((one) => one.scope === incident.target || one.scope === 'all');
  const rows: (readonly [string, string | undefined])[] = [
    [WORDS.factCause, incident.cause],
    [WORDS.factHold, hold?.reason],
    [WORDS.factTried, target && WORDS.factTriedValue(target.limits.attemptsLastHour, target.limits.maxAttemptsPerHour)],
    [
      WORDS.factNext,
      grey || target?.limits.nextAttemptAt === undefined
        ? undefined
        : calendar.moment(target.limits.nextAttemptAt, now),
    ],
    [WORDS.factPlan, target?.plan.join(', then ')],
    [WORDS.factNothing, target?.plan.length === 0 ? target.because : undefined],
    [
      WORDS.factLast,
      before?.end === undefined
        ? undefined
        : WORDS.factLastValue(
            calendar.short(before.start, now),
            WORDS.outcomes[before.outcome].toLowerCase(),
            duration(before.end - before.start),
          ),
    ],
  ];
  return rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}
