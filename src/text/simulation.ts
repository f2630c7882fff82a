import { sayDuration } from '../core/units.ts';
import { type Comparison, RULES } from '../simulate/compare.ts';
import type { Tally } from '../simulate/tally.ts';
import { say } from './lines.ts';
import type { Paper } from './paper.ts';
import { table } from './table.ts';
import { shortTime } from './time.ts';
import { count } from './words.ts';

export type Simulated = Comparison & {
  /** Wall times in ms. */
  readonly from: number;
  readonly to: number;
  /** What a reader must know of this record, one sentence each. */
  readonly notes: readonly string[];
};

const ROWS: readonly (readonly [label: string, figure: (tally: Tally) => string, isAlways?: true])[] = [
  ['restarts', ({ restarts }) => String(restarts), true],
  ['clean-ups of disk, memory and logs', ({ cleanups }) => String(cleanups)],
  ['harm: of what got well by itself', ({ needless }) => String(needless), true],
  ['harm: not well after it', ({ inVain }) => String(inVain), true],
  ['harm: beyond the budget of unclean ends', ({ beyondBudget }) => String(beyondBudget)],
  ['limits used up', ({ exhausted }) => String(exhausted), true],
  ['alerts', ({ alerts }) => String(alerts), true],
  ['time down, all targets', ({ downMs }) => (downMs === 0 ? 'none' : sayDuration(downMs)), true],
];

/** Side by side, and under it the targets for which the policies differ, and what is assumed. */
export function renderSimulation({ columns, from, to, incidents, soft, notes }: Simulated, paper: Paper): string[] {
  const softly = soft === 0 ? '' : `, ${count(soft, 'row')} of failed looks that was never believed`;
  const shown = ROWS.filter(
    ([, figure, isAlways]) => isAlways === true || columns.some(({ total }) => figure(total) !== '0'),
  );
  const heads = columns.map(({ name }) => ({ title: name, right: true, max: 22 }));
  const rows = shown.map(([label, figure]) => ({ cells: [label, ...columns.map(({ total }) => figure(total))] }));
  return [
    ...say(
      `${shortTime(from, paper.nowMs)} to ${shortTime(to, paper.nowMs)}: ${count(incidents, 'incident')}${softly}`,
      0,
      paper,
      'bold',
    ),
    ...notes.flatMap((note) => say(note, 0, paper, 'watch')),
    '',
    ...table([{ title: '', min: 20 }, ...heads], rows, paper),
    ...differing(columns, paper),
    '',
    ...RULES.flatMap((rule) => say(rule, 0, paper, 'faint')),
  ];
}

const OF_TARGET: readonly (readonly [label: string, figure: (tally: Tally) => number])[] = [
  ['attempts', ({ restarts, cleanups }) => restarts + cleanups],
  ['alerts', ({ alerts }) => alerts],
  ['down', ({ downMs }) => downMs],
];

function differing(columns: Comparison['columns'], paper: Paper): string[] {
  const [, ...ran] = columns;
  const names = Object.keys(ran[0]?.targets ?? {}).filter((id) =>
    OF_TARGET.some(([, figure]) => {
      const figures = ran.flatMap(({ targets }) => (targets[id] === undefined ? [] : [figure(targets[id])]));
      return figures.some((one) => one !== figures[0]);
    }),
  );
  if (names.length === 0) return [];
  const rows = names.map((id) => ({
    cells: [
      id,
      ...columns.map(({ targets }) => {
        const tally = targets[id];
        if (tally === undefined) return '';
        const acts = tally.restarts + tally.cleanups;
        return `${acts} / ${tally.alerts} / ${tally.downMs === 0 ? '0' : sayDuration(tally.downMs)}`;
      }),
    ],
  }));
  const heads = columns.map(({ name }) => ({ title: name, right: true, max: 22 }));
  return [
    '',
    ...say('Where they differ: attempts / alerts / time down', 0, paper, 'bold'),
    ...table([{ title: '', max: 20, min: 8 }, ...heads], rows, paper),
  ];
}
