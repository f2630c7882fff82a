import type { IncidentView, Snapshot, TargetView, VerdictState } from './snapshot.ts';
import { startOfStopped } from './stopped.ts';
import type { Turn } from './turn.ts';

/** Worst first (DASHBOARD §7). */
const ORDER: readonly VerdictState[] = [
  'down',
  'recovering',
  'slow',
  'unknown',
  'acknowledged',
  'maintenance',
  'first-run',
  'working',
];

/** One sentence that is readable from two metres away, and a second line that says who acts. */
export function headlineOf(
  turn: Turn,
  targets: readonly TargetView[],
  incidents: readonly IncidentView[],
): Snapshot['verdict'] {
  const state = ORDER.find((one) => targets.some((target) => target.state === one)) ?? 'first-run';
  const these = targets.filter((target) => target.state === state);
  const first = these[0];
  const since = Math.min(...these.map((target) => target.since), turn.now.at);
  return {
    state,
    headline: headline(turn, state, these),
    detail: detail(turn, state, targets, first, incidents),
    since,
  };
}

function headline(turn: Turn, state: VerdictState, these: readonly TargetView[]): string {
  const one = these.length === 1 ? these[0] : undefined;
  const count = `${these.length} ${these.every((target) => target.kind === 'service') ? 'services' : 'things'}`;
  switch (state) {
    case 'down':
      return one === undefined
        ? `${count} are down`
        : one.kind === 'service'
          ? `${one.id} is ${startOfStopped(turn, one.id) === undefined ? 'down' : 'stopped'}`
          : `${one.id} is critical`;
    case 'recovering':
      return one === undefined ? `${count} are recovering` : `${one.id} is recovering`;
    case 'slow':
      return one === undefined
        ? `${count} need watching`
        : one.kind === 'service'
          ? `${one.id} is slow`
          : `${one.id} needs watching`;
    case 'acknowledged':
      return one === undefined ? `${count} are down, acknowledged` : `${one.id} is down, acknowledged`;
    case 'maintenance':
      return one === undefined ? `${count} are paused` : `${one.id} is paused`;
    case 'unknown':
      return one === undefined ? `No data from ${count}` : `No data from ${one.id}`;
    case 'first-run':
      return 'First check is running';
    case 'working':
      return 'Everything is working';
  }
}

function detail(
  turn: Turn,
  state: VerdictState,
  targets: readonly TargetView[],
  first: TargetView | undefined,
  incidents: readonly IncidentView[],
): string {
  const checks = targets.flatMap((target) => target.checks).filter((check) => check.status !== 'idle');
  if (state === 'first-run')
    return `${Object.keys(turn.plan.checks).length} checks found on this machine. The first results arrive in a few seconds.`;
  if (state === 'working')
    return `${checks.filter((check) => check.status === 'ok').length} of ${checks.length} checks pass.`;
  const same = targets.filter((target) => target.state === state);
  if (same.length > 1) return `${same.map((target) => target.id).join(', ')}.`;
  const incident = incidents.find((one) => one.id === first?.incident);
  const sentence = first === undefined || first.detail === '' ? '' : `${first.detail.replace(/[.\s]+$/, '')}.`;
  const next = incident?.next ?? '';
  // What holds it back is often what its look says too.
  if (next.toLowerCase().startsWith(sentence.toLowerCase())) return next;
  return [sentence, next].filter((part) => part !== '').join(' ');
}
