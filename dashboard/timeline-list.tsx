import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { Glyph } from './glyph.tsx';
import type { Calendar } from './measure.ts';
import { NO_DATA } from './state-look.ts';
import { stepsShown, type TimelineStep, timelineOf } from './timeline.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly incident: IncidentView;
  readonly snapshot: Snapshot;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** What happened, step by step: time, mark, what, and the evidence. */
export function Timeline({ incident, snapshot, grey, calendar }: Props): JSX.Element {
  const [all, setAll] = useState(false);
  const steps = timelineOf(
    incident,
    snapshot.targets.find((target) => target.id === incident.target),
    grey,
  );
  const shown = all ? steps : stepsShown(steps);
  const hidden = steps.length - shown.length;
  return (
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
  );
}

function Mark({ step, grey }: { step: TimelineStep; grey: boolean }): JSX.Element {
  const look = step.look === undefined ? undefined : grey ? NO_DATA : step.look;
  return <span class="mark">{look === undefined ? <span class="dot" /> : <Glyph look={look} size={20} />}</span>;
}
