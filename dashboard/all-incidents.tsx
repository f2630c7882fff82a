import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { Dialog } from './dialog.tsx';
import { IncidentLine } from './incident-line.tsx';
import type { Calendar } from './measure.ts';
import { Timeline } from './timeline-list.tsx';
import * as WORDS from './words.ts';

type Props = {
  /** Newest first. */
  readonly incidents: readonly IncidentView[];
  readonly snapshot: Snapshot;
  /** The id of the one that is shown opened at first, or empty. */
  readonly opened: string;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
  readonly onClose: () => void;
};

/** Every incident that is told, each with its story. */
export function AllIncidents({ incidents, snapshot, opened, now, grey, calendar, onClose }: Props): JSX.Element {
  const [asked, ask] = useState(opened);
  return (
    <Dialog title={WORDS.allIncidents} onClose={onClose}>
      <ul class="told all-incidents">
        {incidents.map((incident) => {
          const open = incident.id === asked;
          const steps = incident.steps.length > 0;
          return (
            <li key={incident.id}>
              <time class="when">{calendar.moment(incident.start, now)}</time>
              <div>
                {steps ? (
                  <button
                    type="button"
                    class="what plain-button"
                    aria-expanded={open}
                    onClick={() => ask(open ? '' : incident.id)}
                  >
                    <bdi>{incident.title}</bdi>
                  </button>
                ) : (
                  <bdi class="what">{incident.title}</bdi>
                )}
                <IncidentLine incident={incident} now={now} grey={grey} />
                {open && steps && <Timeline incident={incident} snapshot={snapshot} grey={grey} calendar={calendar} />}
                {open && !steps && <p class="small">{WORDS.noSteps}</p>}
              </div>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
