import type { Figures } from '../core/figures-of-recovery.ts';
import { sayDuration } from '../core/units.ts';
import { say } from './lines.ts';
import type { Paper } from './paper.ts';
import { shortTime } from './time.ts';
import { count } from './words.ts';

/** What recovery has come to, in two lines or three. */
export function figureLines(figures: Figures, paper: Paper): string[] {
  const { from, incidents, recovered, medianMs, meanMs, attempts, helped, neededPerson, falseRecoveries } = figures;
  const time =
    medianMs === undefined || meanMs === undefined
      ? ''
      : ` (median ${sayDuration(medianMs)}, mean ${sayDuration(meanMs)})`;
  const help = attempts === 0 ? 'nothing was attempted' : `${helped} of ${count(attempts, 'attempt')} helped`;
  const needed = neededPerson === 0 ? 'none needed a person' : `${neededPerson} needed a person`;
  const wrong =
    falseRecoveries === 0
      ? 'no false recovery'
      : `${falseRecoveries} false ${falseRecoveries === 1 ? 'recovery' : 'recoveries'}`;
  const since = shortTime(from, paper.nowMs);
  return say(
    `Since ${since}: ${count(incidents, 'incident')}, ${recovered} got well${time}; ${help}; ${needed}; ${wrong}.`,
    0,
    paper,
  );
}
