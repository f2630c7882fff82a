import type { Plan, TargetKind } from '../core/plan.ts';
import type { Result, Status } from '../core/types.ts';
import type { Paper } from './paper.ts';
import { table } from './table.ts';
import { count, paintOf, signOf, stateOfStatus, statusWord } from './words.ts';

const WORST: readonly Status[] = ['critical', 'warning', 'unknown', 'idle', 'ok'];

/** The table of one pass of looks at their face value: no thresholds, no history. */
export function renderResults(results: readonly Result[], targets: Plan['targets'], paper: Paper): string[] {
  if (results.length === 0) return ['There is nothing to look at.'];
  const rows = results.map((result) => {
    const state = stateOfStatus(result.status);
    const kind = targets[result.target]?.kind ?? 'service';
    return {
      cells: [
        { text: `${signOf(state, paper)} ${wordOf(result, results, kind)}`, paint: paintOf(state) },
        { text: result.check, paint: 'bold' as const },
        result.message,
        { text: `${Math.round(result.tookMs)} ms`, paint: 'faint' as const },
      ],
    };
  });
  return [
    headline(results),
    '',
    ...table(
      [
        { title: 'state' },
        { title: 'check', max: 32, min: 8 },
        { title: 'what', min: 16 },
        { title: 'took', right: true },
      ],
      rows,
      paper,
    ),
  ];
}

/** No process was seen of a service that another check finds down: then there is none. */
function wordOf(result: Result, all: readonly Result[], kind: TargetKind): string {
  const isMissing =
    result.status === 'idle' &&
    result.check === `${result.target}:process` &&
    all.some((other) => other.target === result.target && other.reason === 'refused');
  return isMissing ? 'not running' : statusWord(result.status, kind);
}

function headline(results: readonly Result[]): string {
  const of = (status: Status): number => results.filter((result) => result.status === status).length;
  const counted = results.length - of('idle');
  const bad = [
    ...(of('critical') > 0 ? [`${of('critical')} over a limit or down`] : []),
    ...(of('warning') > 0 ? [`${of('warning')} to watch`] : []),
    ...(of('unknown') > 0 ? [`${of('unknown')} could not look`] : []),
  ];
  return `${of('ok')} of ${count(counted, 'check')} good${bad.length === 0 ? '.' : `; ${bad.join(', ')}.`}`;
}

/** The Nagios scale: 0 good, 1 warning, 2 critical, 3 unknown; `idle` has no say. */
export function nagiosCode(statuses: readonly Status[]): 0 | 1 | 2 | 3 {
  const worst = WORST.find((status) => statuses.includes(status));
  switch (worst) {
    case 'critical':
      return 2;
    case 'warning':
      return 1;
    case 'unknown':
      return 3;
    default:
      return 0;
  }
}
