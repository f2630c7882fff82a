import type { Snapshot } from '../src/core/snapshot.ts';
import type { Calendar } from './measure.ts';
import * as WORDS from './words.ts';

/** The line under a headline that is current: the verdict's own words, and what they leave out. */
export function secondLine(snapshot: Snapshot, now: number, calendar: Calendar): string {
  const { verdict, targets } = snapshot;
  switch (verdict.state) {
    case 'working': {
      // A tick over "9 of 10 checks pass" must say which one does not.
      const doubted = targets.filter(({ state, soft }) => state === 'working' && soft);
      return [verdict.detail, ...doubted.map(({ id, detail }) => WORDS.lookingAgain(id, detail))].join(' ');
    }
    case 'maintenance':
      return pauseText(snapshot, now, calendar) ?? begun(snapshot);
    default:
      return begun(snapshot);
  }
}

/** Until when and why. Of several pauses each says what it is of; `undefined` when no person's pause is told. */
function pauseText({ holds, verdict }: Snapshot, now: number, calendar: Calendar): string | undefined {
  const pauses = holds.filter(({ kind }) => kind === 'maintenance');
  if (pauses.length === 0) return undefined;
  const told = pauses.map(({ scope, until, reason }) =>
    WORDS.paused(scope, until === undefined ? undefined : calendar.moment(until, now), reason.trim()),
  );
  // The names of what is paused are in the list; a file that was refused is not.
  const watch = /One thing to watch: .*/s.exec(verdict.detail)?.[0];
  return [...told, ...(watch === undefined ? [] : [watch])].join(' ');
}

/** A sentence begins with a capital; the name of a service, a file or a command stays as it is written. */
function begun({ verdict, targets }: Snapshot): string {
  const { detail } = verdict;
  const first = /^[a-z]+(?=[\s,;:]|$)/.exec(detail)?.[0];
  if (first === undefined || targets.some(({ id }) => id === first)) return detail;
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}`;
}
