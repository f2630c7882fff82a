import type { CheckPlan, Plan } from '../core/plan.ts';
import type { Episode } from './episode.ts';

/** One moment of a check, as history keeps it for two days. */
export type Point = { readonly check: string; readonly at: number; readonly status: string };

/** A point stands for three minutes; what comes later says nothing of the row before. */
const GAP_MS = 180_000;

/**
 * Rows of failed looks that no incident came of. Why they failed is not kept: at an address it is taken for silence, the
 * commonest. `points`: oldest first.
 */
export function softEpisodes(points: readonly Point[], plan: Plan, known: readonly Episode[]): readonly Episode[] {
  const rows = new Map<string, { readonly from: number; last: Point }>();
  const found: Episode[] = [];
  for (const point of points) {
    const check = plan.checks[point.check];
    if (check === undefined || check.name === 'process') continue;
    const row = rows.get(check.id);
    const isBad = point.status === 'critical' || point.status === 'warning';
    if (row !== undefined && (!isBad || point.at - row.last.at > GAP_MS)) {
      rows.delete(check.id);
      const isSeen = point.at - row.last.at <= GAP_MS;
      if (isSeen) found.push(episodeOf(check, row.from, point.at, row.last.status, plan));
    }
    if (!isBad) continue;
    const same = rows.get(check.id);
    if (same === undefined) rows.set(check.id, { from: point.at, last: point });
    else same.last = point;
  }
  return found.filter((soft) => !known.some((one) => isAbout(one, soft)));
}

function episodeOf(check: CheckPlan, from: number, to: number, status: string, plan: Plan): Episode {
  const isService = plan.targets[check.target]?.kind === 'service';
  const severity = status === 'critical' ? 'critical' : 'warning';
  const reason = !isService ? 'over-limit' : severity === 'critical' ? 'silent' : 'slow';
  const about = { target: check.target, from, to, reason, severity } as const;
  return { ...about, class: undefined, ended: { by: 'itself' }, vain: [], soft: true };
}

/** The looks at its edges belong to the incident too. */
function isAbout(one: Episode, soft: Episode): boolean {
  const to = (one.to ?? Number.POSITIVE_INFINITY) + GAP_MS;
  return one.target === soft.target && soft.from <= to && (soft.to ?? soft.from) >= one.from - GAP_MS;
}
