import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { AllIncidents } from './all-incidents.tsx';
import { IncidentLine } from './incident-line.tsx';
import type { Calendar } from './measure.ts';
import * as WORDS from './words.ts';

type Props = { readonly snapshot: Snapshot; readonly now: number; readonly grey: boolean; readonly calendar: Calendar };

const SHOWN = 3;
const MONTH_MS = 30 * 24 * 60 * 60_000;

/** The last three incidents: when, what, how long, and how each ended; the rest behind a button. */
export function IncidentsCard({ snapshot, now, grey, calendar }: Props): JSX.Element {
  const [asked, ask] = useState<string | undefined>(undefined);
  const newest = [...snapshot.incidents].sort((a, b) => b.start - a.start);
  return (
    <section class="incidents card" aria-labelledby="incidents-title">
      <div class="card-head">
        <h2 id="incidents-title">{WORDS.incidents}</h2>
        {newest.length > 0 && <span class="quiet">{countOf(newest, snapshot.writtenAt, grey)}</span>}
      </div>
      {newest.length === 0 && <p class="empty">{WORDS.noIncidents}</p>}
      <ul class="told">
        {newest.slice(0, SHOWN).map((incident) => (
          <li key={incident.id}>
            <time class="when">{calendar.short(incident.start, now)}</time>
            <div>
              <button type="button" class="what plain-button" onClick={() => ask(incident.id)}>
                <bdi>{incident.title}</bdi>
              </button>
              <IncidentLine incident={incident} now={now} grey={grey} />
            </div>
          </li>
        ))}
      </ul>
      {newest.length > 0 && (
        <button type="button" class="link" onClick={() => ask('')}>
          {WORDS.allIncidents}
        </button>
      )}
      {asked !== undefined && (
        <AllIncidents
          incidents={newest}
          snapshot={snapshot}
          opened={asked}
          now={now}
          grey={grey}
          calendar={calendar}
          onClose={() => ask(undefined)}
        />
      )}
    </section>
  );
}

/** The snapshot tells a bounded number of incidents: when all of them are recent there may have been more. */
const TOLD = 20;

function countOf(newest: readonly IncidentView[], at: number, grey: boolean): string {
  const open = newest.filter(({ outcome }) => outcome === 'open').length;
  const recent = newest.filter(({ start, outcome }) => outcome === 'open' || start >= at - MONTH_MS).length;
  const more = newest.length >= TOLD && recent === newest.length;
  return WORDS.incidentCount(more ? `${recent} or more` : String(recent), open, grey);
}
