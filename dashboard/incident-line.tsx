import type { JSX } from 'preact';
import type { IncidentView } from '../src/core/snapshot.ts';
import { duration, reply } from './measure.ts';
import * as WORDS from './words.ts';

const TONES: Readonly<Record<string, string>> = {
  open: 'down',
  'auto-fixed': 'ok',
  'went-away': 'ok',
  'needed-you': 'warn',
};

/** "41 s. Auto-fixed, restarted once": how long it lasted and how it ended. */
export function IncidentLine({
  incident,
  now,
  grey,
}: {
  incident: IncidentView;
  now: number;
  grey: boolean;
}): JSX.Element {
  const { outcome, cause } = incident;
  return (
    <span class="evidence">
      {lasted(incident, now, grey)}
      <span class={`tone-${TONES[outcome] ?? 'none'} state`}>
        {grey && outcome === 'open' ? WORDS.wasOpen : (WORDS.outcomes[outcome] ?? outcome)}
      </span>
      {cause !== '' && (
        <>
          , <bdi>{cause}</bdi>
        </>
      )}
    </span>
  );
}

/** An incident that is open in old data has no known length. */
function lasted({ start, end }: IncidentView, now: number, grey: boolean): string {
  if (end !== undefined) return `${end - start < 1000 ? reply(end - start) : duration(end - start)}. `;
  return grey ? '' : `${duration(now - start)}. `;
}
