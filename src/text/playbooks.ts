import { say } from './lines.ts';
import { type Paper, paint } from './paper.ts';
import { table } from './table.ts';

/** One playbook as a person is shown it in the list. */
export type PlaybookRow = {
  readonly name: string;
  readonly summary: string;
  readonly for: string;
  /** Classes; none means all. */
  readonly when: readonly string[];
  readonly origin: 'shipped' | 'own';
  /** An own one of this name takes its place. */
  readonly shadowed: boolean;
  /** Targets for which it is run by itself. */
  readonly usedBy: readonly string[];
  /** Some target can run it by hand. */
  readonly byHand: boolean;
};

/** Every playbook with what it does and who uses it, then what is wrong. `troubles` are whole sentences. */
export function playbookTable(rows: readonly PlaybookRow[], troubles: readonly string[], paper: Paper): string[] {
  const listed = rows.map((row) => ({
    cells: [
      { text: row.name, paint: 'bold' as const },
      row.for,
      row.when.length === 0 ? 'any' : row.when.join(', '),
      row.shadowed ? 'shadowed' : row.origin,
      row.usedBy.length > 0 ? row.usedBy.join(', ') : row.byHand ? 'by hand' : 'nobody',
    ],
    under: say(row.shadowed ? `Your own ${row.name} takes its place.` : row.summary, 2, paper, 'faint'),
  }));
  const columns = [
    { title: 'playbook', max: 32, min: 12 },
    { title: 'for' },
    { title: 'when', max: 28, min: 8 },
    { title: 'from' },
    { title: 'used by', min: 8 },
  ];
  const wrong = troubles.flatMap((trouble) => say(trouble, 2, paper, 'watch'));
  return [
    ...table(columns, listed, paper),
    ...(wrong.length === 0 ? [] : ['', paint('Notices', 'bold', paper), ...wrong]),
  ];
}
