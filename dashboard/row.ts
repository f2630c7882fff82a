import type { Snapshot, TargetView, VerdictState } from '../src/core/snapshot.ts';
import { type Calendar, duration } from './measure.ts';
import { type Look, lookOf, NO_DATA, rankOf, silentSince, type Tone } from './state-look.ts';
import { inThePast } from './words.ts';

/** One line of the services list, in words. `grey`: the data is not current, so nothing is claimed about now. */
export type Row = {
  readonly id: string;
  readonly look: Look;
  readonly state: VerdictState;
  readonly detail: string;
  /** The state in words; empty where the detail alone says it. */
  readonly word: string;
  readonly wordTone: Tone;
  readonly silencedUntil: number | undefined;
};

export type RowContext = {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

export function rowOf(target: TargetView, context: RowContext): Row {
  const { snapshot, now, grey, calendar } = context;
  // Problems keep their state: "down" is not softened to "no data" because its looks take long.
  const quiet = rankOf(target.state) > rankOf('acknowledged') ? silentSince(target, snapshot.writtenAt) : undefined;
  const state = quiet === undefined ? target.state : 'unknown';
  const word = quiet === undefined ? wordOf(target, context) : `no data since ${calendar.moment(quiet, now)}`;
  const silenced = target.silencedUntil !== undefined && target.silencedUntil > now ? target.silencedUntil : undefined;
  const look = grey || (target.status === 'idle' && state === 'working') ? NO_DATA : lookOf(state);
  return {
    id: target.id,
    look,
    state,
    detail: grey ? inThePast(target.detail) : target.detail,
    word: grey ? pastWord(target, word) : word,
    // "Looking again" beside a tick is no praise.
    wordTone: state === 'working' ? 'none' : look.tone,
    silencedUntil: silenced,
  };
}

function wordOf(target: TargetView, { snapshot, now, grey, calendar }: RowContext): string {
  // How long it has been so is only known while the data is current.
  const lasted = grey ? '' : ` ${duration(now - target.since)}`;
  switch (target.state) {
    case 'working':
      return target.soft ? softWord(target) : '';
    case 'slow':
      return target.detail === '' ? 'slow' : target.detail;
    case 'down':
      return `down${lasted}`;
    case 'recovering': {
      const { attemptsLastHour, maxAttemptsPerHour } = target.limits;
      return attemptsLastHour > 0 ? `recovering, ${attemptsLastHour} of ${maxAttemptsPerHour}` : 'recovering';
    }
    case 'acknowledged':
      return grey ? 'acknowledged' : `acknowledged, down${lasted}`;
    case 'maintenance': {
      const hold = snapshot.holds.find((one) => one.scope === target.id || one.scope === 'all');
      return hold?.until === undefined ? 'paused' : `paused until ${calendar.moment(hold.until, now)}`;
    }
    case 'first-run':
      return 'waiting';
    default:
      return `no data since ${calendar.moment(target.since, now)}`;
  }
}

function pastWord(target: TargetView, word: string): string {
  if (word === '') return '';
  return target.state === 'slow' && target.detail !== '' ? inThePast(word) : `was ${word.replace(/^was /, '')}`;
}

/** A failed look that is not yet believed: shown, and nothing is done about it. */
function softWord(target: TargetView): string {
  const worst = target.checks.filter(({ soft }) => soft).sort((a, b) => b.strikes - a.strikes)[0];
  return ['looking again', worst?.doubt].filter((part) => part !== undefined).join(', ');
}

/**
 * Problems first, otherwise as configured. `before` is the order shown now: it is kept while `frozen` (a row is open,
 * hovered or focused), so that nothing moves under a pointer; what is new goes to the end.
 */
export function orderRows(rows: readonly Row[], before: readonly string[], frozen: boolean): readonly Row[] {
  if (!frozen) return [...rows].sort((a, b) => rankOf(a.state) - rankOf(b.state));
  const place = (row: Row): number => {
    const index = before.indexOf(row.id);
    return index < 0 ? before.length : index;
  };
  return [...rows].sort((a, b) => place(a) - place(b));
}
