import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { Facts } from './facts.tsx';
import { Glyph } from './glyph.tsx';
import { type Calendar, duration } from './measure.ts';
import { NO_DATA } from './state-look.ts';
import { openIncidents, stepsShown, type TimelineStep, timelineOf } from './timeline.ts';
import { WORDS } from './words.ts';

type Props = { readonly snapshot: Snapshot; readonly now: number; readonly grey: boolean; readonly calendar: Calendar };

/** The open incidents inside the verdict card: the worst is open, the others are one line each underneath. */
export function OpenIncidents({ snapshot, now, grey, calendar }: Props): JSX.Element | null {
  const [worst, ...others] = openIncidents(snapshot.incidents);
  if (worst === undefined) return null;
  return (
    <div class="incident">
      <Story incident={worst} snapshot={snapshot} now={now} grey={grey} calendar={calendar} />
      {others.map((incident) => (
        <details class="other" key={incident.id}>
          <summary>
            <bdi>{incident.title}</bdi>
            <span class="small">
              {' '}
              {grey ? WORDS.since(calendar.moment(incident.start, now)) : duration(now - incident.start)}
            </span>
          </summary>
          <Story incident={incident} snapshot={snapshot} now={now} grey={grey} calendar={calendar} />
        </details>
      ))}
    </div>
  );
}

function Story({ incident, snapshot, now, grey, calendar }: Props & { incident: IncidentView }): JSX.Element {
  const [all, setAll] = useState(false);
  const steps = timelineOf(
    incident,
    snapshot.targets.find((target) => target.id === incident.target),
  );
  const shown = all ? steps : stepsShown(steps);
  const hidden = steps.length - shown.length;
  return (
    <div class="story">
      <div class="story-steps">
        <h2>{grey ? WORDS.wasHappening : WORDS.happening}</h2>
        <ol class="timeline">
          {shown.map((step, index) => (
            <li key={`${step.at ?? 'next'} ${step.text} ${index}`} class={step.mark}>
              <time>{step.at === undefined ? '' : calendar.exact(step.at)}</time>
              <Mark step={step} grey={grey} />
              <div>
                <bdi class="what">{step.text}</bdi>
                {step.detail !== undefined && <bdi class="evidence">{step.detail}</bdi>}
                {hidden > 0 && index === 0 && (
                  <button type="button" class="link" onClick={() => setAll(true)}>
                    {WORDS.earlierSteps(hidden)}
                  </button>
                )}
              </div>
            </li>
          ))}
        </ol>
      </div>
      <Facts incident={incident} snapshot={snapshot} now={now} grey={grey} calendar={calendar} />
    </div>
  );
}

function Mark({ step, grey }: { step: TimelineStep; grey: boolean }): JSX.Element {
  const look = step.look === undefined ? undefined : grey ? NO_DATA : step.look;
  return <span class="mark">{look === undefined ? <span class="dot" /> : <Glyph look={look} size={20} />}</span>;
}
