import type { JSX } from 'preact';
import type { IncidentView } from '../src/core/snapshot.ts';
import { type Calendar, duration, reply } from './measure.ts';
import { WORDS } from './words.ts';

type Props = {
  readonly incidents: readonly IncidentView[];
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

const SHOWN = 3;
const TONES = { open: 'down', 'auto-fixed': 'ok', 'went-away': 'ok', 'needed-you': 'warn' } as const;

/** The last three incidents: when, what, how long, and how each ended. */
export function IncidentsCard({ incidents, now, grey, calendar }: Props): JSX.Element {
  const newest = [...incidents].sort((a, b) => b.start - a.start);
  const open = newest.filter((incident) => incident.outcome === 'open').length;
  return (
    <section class="incidents card" aria-labelledby="incidents-title">
      <div class="card-head">
        <h2 id="incidents-title">{WORDS.incidents}</h2>
        {newest.length > 0 && <span class="quiet">{WORDS.incidentCount(newest.length, open)}</span>}
      </div>
      {newest.length === 0 && <p class="empty">{WORDS.noIncidents}</p>}
      <ul>
        {newest.slice(0, SHOWN).map((incident) => (
          <li key={incident.id}>
            <time class="when">{calendar.short(incident.start, now)}</time>
            <div>
              <bdi class="what">{incident.title}</bdi>
              <p class="evidence">
                {lasted(incident, now, grey)}
                <span class={`tone-${TONES[incident.outcome]} state`}>
                  {grey && incident.outcome === 'open' ? WORDS.wasOpen : WORDS.outcomes[incident.outcome]}
                </span>
                {incident.cause !== '' && (
                  <>
                    , <bdi>{incident.cause}</bdi>
                  </>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An incident that is open in old data has no known length. */
function lasted(incident: IncidentView, now: number, grey: boolean): string {
  if (incident.end !== undefined) {
    const ms = incident.end - incident.start;
    return `${ms < 1000 ? reply(ms) : duration(ms)}. `;
  }
  return grey ? '' : `${duration(now - incident.start)}. `;
}
