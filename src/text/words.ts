import type { CheckView, TargetView, VerdictState } from '../core/snapshot.ts';
import type { Status } from '../core/types.ts';
import type { Paint, Paper } from './paper.ts';

/** DASHBOARD §7 and §11: shape first, words second, colour third. */
type Sign = { readonly sign: string; readonly ascii: string; readonly paint: Paint };

const SIGNS: Record<VerdictState, Sign> = {
  working: { sign: '✔', ascii: '+', paint: 'good' },
  slow: { sign: '▲', ascii: '!', paint: 'watch' },
  down: { sign: '✖', ascii: 'x', paint: 'bad' },
  recovering: { sign: '↻', ascii: '@', paint: 'bad' },
  acknowledged: { sign: '☒', ascii: 'x', paint: 'bad' },
  maintenance: { sign: '‖', ascii: '=', paint: 'blue' },
  unknown: { sign: '?', ascii: '?', paint: 'faint' },
  'first-run': { sign: '…', ascii: '.', paint: 'faint' },
};

export function signOf(state: VerdictState, paper: Paper): string {
  return paper.unicode ? SIGNS[state].sign : SIGNS[state].ascii;
}

export function paintOf(state: VerdictState): Paint {
  return SIGNS[state].paint;
}

/** The word for a target's state. A resource is not "down" or "slow": it is over a limit or worth watching. */
export function stateWord(state: VerdictState, kind: TargetView['kind']): string {
  switch (state) {
    case 'working':
      return 'working';
    case 'slow':
      return kind === 'service' ? 'slow' : 'watch';
    case 'down':
      return kind === 'service' ? 'down' : 'over limit';
    case 'recovering':
      return 'recovering';
    case 'acknowledged':
      return 'acknowledged';
    case 'maintenance':
      return 'paused';
    case 'unknown':
      return 'no data';
    case 'first-run':
      return 'first look';
  }
}

/** A check's status drawn with the sign of the state it would make. */
export function stateOfStatus(status: Status): VerdictState {
  switch (status) {
    case 'ok':
      return 'working';
    case 'warning':
      return 'slow';
    case 'critical':
      return 'down';
    case 'unknown':
      return 'unknown';
    case 'idle':
      return 'first-run';
  }
}

/** The word for one check's status; `idle` has nothing to look at yet. */
export function statusWord(status: Status, kind: TargetView['kind']): string {
  return status === 'idle' ? 'nothing yet' : status === 'ok' ? 'good' : stateWord(stateOfStatus(status), kind);
}

/** The word for a check of this target; of a service that is down whose process was never seen there is none. */
export function checkWord(check: CheckView, target: TargetView): string {
  if (check.at === undefined && check.status === 'idle') return 'not looked yet';
  const isDown = target.state === 'down' || target.state === 'recovering';
  const isMissing = check.status === 'idle' && check.name === 'process' && isDown;
  return isMissing ? 'not running' : statusWord(check.status, target.kind);
}

/** How long a limit still keeps the next attempt away, if one does. */
export function waitsForLimitMs(target: TargetView, nowMs: number): number | undefined {
  const { nextAttemptAt } = target.limits;
  const isLimit = target.rulings[0]?.code.startsWith('limit-') === true;
  return isLimit && nextAttemptAt !== undefined && nextAttemptAt > nowMs ? nextAttemptAt - nowMs : undefined;
}

const HOUR_MS = 3_600_000;

/** A person need not wait for that limit: what they ask for is counted apart, and they have asked for nothing lately. */
export function mayAskNow(target: TargetView, nowMs: number): boolean {
  const asked = target.attempts.some(({ manual, at }) => manual && nowMs - at < HOUR_MS);
  return !asked && waitsForLimitMs(target, nowMs) !== undefined;
}

/** `1 check`, `2 checks`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
