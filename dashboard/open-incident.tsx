import type { JSX } from 'preact';
import type { HistoryView } from '../src/core/history-view.ts';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { Facts } from './facts.tsx';
import { type Calendar, duration } from './measure.ts';
import { openIncidents } from './timeline.ts';
import { Timeline } from './timeline-list.tsx';
import * as WORDS from './words.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly history: HistoryView | undefined;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** The open incidents inside the verdict card: the worst is open, the others are one line each underneath. */
export function OpenIncidents(props: Props): JSX.Element | null {
  const { snapshot, now, grey, calendar } = props;
  const [worst, ...others] = openIncidents(snapshot.incidents);
  if (worst === undefined) return null;
  return (
    <div class="incident">
      <Story key={worst.id} incident={worst} {...props} />
      {others.map((incident) => (
        <details class="other" key={incident.id}>
          <summary>
            <bdi>{incident.title}</bdi>
            <span class="small">
              {' '}
              {grey ? WORDS.since(calendar.moment(incident.start, now)) : duration(now - incident.start)}
            </span>
          </summary>
          <Story incident={incident} {...props} />
        </details>
      ))}
    </div>
  );
}

function Story(props: Props & { incident: IncidentView }): JSX.Element {
  return (
    <div class="story">
      <div class="story-steps">
        <h2>{props.grey ? WORDS.wasHappening : WORDS.happening}</h2>
        <Timeline {...props} />
      </div>
      <Facts {...props} />
    </div>
  );
}
