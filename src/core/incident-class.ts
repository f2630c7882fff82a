import { meaningOf, titleByClass } from './classify/meaning.ts';
import { note, titleOf } from './incident.ts';
import { troubleOf } from './trouble.ts';
import { incidentOf, planOf, setIncident, type Turn } from './turn.ts';
import type { TargetId } from './types.ts';

/** Writes down what kind of trouble the open incident is by now; a title that only says what was seen gives way to it. */
export function classifyIncident(turn: Turn, target: TargetId): void {
  const incident = incidentOf(turn, target);
  if (incident === undefined) return;
  const { class: kind, because } = troubleOf(turn, target, incident.reason);
  const isNews = incident.class !== kind;
  if (!isNews && sameLines(incident.because ?? [], because)) return;
  const says =
    planOf(turn, target).kind === 'service' && incident.reason !== 'foreign' ? titleByClass(kind) : undefined;
  const title = says === undefined ? titleOf(target, incident.reason) : `${target} ${says}`;
  // What the look alone says is in the line that opened it.
  if (isNews && says !== undefined)
    note(turn, target, 'classified', `Class ${kind}: ${meaningOf(kind)}`, because.join(' '));
  setIncident(turn, incident.id, { class: kind, because, title });
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
