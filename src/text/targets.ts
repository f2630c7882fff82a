import type { CheckView, Snapshot, TargetView, VerdictState } from '../core/snapshot.ts';
import { clean } from './clean.ts';
import { type Paper, paint } from './paper.ts';
import { type Row, table } from './table.ts';
import { shortTime, since } from './time.ts';
import { checkWord, paintOf, signOf, stateOfStatus, stateWord } from './words.ts';

/** Every target, one row each; under it the checks that say more than the row: those that are not good, or with `all` every one. */
export function targetTable(snapshot: Snapshot, options: { all: boolean; past: boolean }, paper: Paper): string[] {
  if (snapshot.targets.length === 0) return ['Nothing is being watched yet.'];
  const rows = worstFirst(snapshot.targets).map((target): Row => {
    const state: VerdictState = options.past ? 'unknown' : target.state;
    const shown = telling(target, options.all);
    return {
      cells: [
        {
          text: `${signOf(state, paper)} ${stateWord(target.state, target.kind)}`,
          paint: options.past ? 'faint' : paintOf(state),
        },
        { text: target.id, paint: 'bold' },
        what(target, paper),
        good(target),
        {
          text: options.past ? shortTime(target.since, paper.nowMs) : since(target.since, paper.nowMs),
          paint: 'faint',
        },
      ],
      under: shown.map((check) => checkLine(check, target, options.past, paper)),
    };
  });
  return table(
    [
      { title: 'state' },
      { title: 'target', max: 24, min: 8 },
      { title: 'what', min: 16 },
      { title: 'good', right: true },
      { title: 'since', right: true },
    ],
    rows,
    paper,
  );
}

// As the verdict ranks them (DASHBOARD §7); what is equally bad stays in the order of the config.
const ORDER: readonly VerdictState[] = [
  ...(['down', 'recovering', 'slow', 'unknown', 'acknowledged', 'maintenance', 'first-run', 'working'] as const),
];

function worstFirst(targets: readonly TargetView[]): readonly TargetView[] {
  return targets.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

function what(target: TargetView, paper: Paper): string {
  const marks = [
    ...(target.flapping ? ['keeps changing'] : []),
    ...(target.silencedUntil === undefined ? [] : [`silent until ${shortTime(target.silencedUntil, paper.nowMs)}`]),
    ...(target.soft && target.state === 'working' ? ['a failed look, not confirmed yet'] : []),
  ];
  return [...marks, target.detail].filter((part) => part !== '').join('; ');
}

/** Not those whose only word is what the row says already. */
function telling(target: TargetView, all: boolean): readonly CheckView[] {
  const kept = target.checks.filter((check) => all || check.soft || (check.status !== 'ok' && check.status !== 'idle'));
  const [only] = kept;
  return kept.length === 1 && only !== undefined && !only.soft && only.message === target.detail ? [] : kept;
}

/** Good checks of those that have a say. */
function good(target: TargetView): string {
  const counted = target.checks.filter((check) => check.status !== 'idle');
  return `${counted.filter((check) => check.status === 'ok' && !check.soft).length}/${counted.length}`;
}

function checkLine(check: CheckView, target: TargetView, past: boolean, paper: Paper): string {
  const state = past ? 'unknown' : stateOfStatus(check.status);
  const doubt = check.doubt === undefined ? '' : ` (${check.doubt})`;
  const word = check.soft ? `not sure yet${doubt}` : checkWord(check, target);
  const head = `    ${signOf(state, paper)} `;
  const instance = check.id.startsWith(`${target.id}:`) ? check.id.slice(target.id.length + 1) : check.id;
  const rest = clean(`${instance} ${word}${check.message === '' ? '' : `: ${check.message}`}`, paper.width - 6);
  return head + paint(rest, 'faint', paper);
}
