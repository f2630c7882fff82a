import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { TargetView } from '../src/core/snapshot.ts';
import { Glyph, Icon } from './glyph.tsx';
import { type Calendar, reply } from './measure.ts';
import type { Row } from './row.ts';
import { WORDS } from './words.ts';

type Props = {
  readonly row: Row;
  readonly target: TargetView;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly now: number;
  readonly calendar: Calendar;
};

/** One service: a button with its sign, name, detail and state; opened, the evidence behind them. */
export function ServiceRow({ row, target, open, toggle, now, calendar }: Props): JSX.Element {
  const panel = useId();
  return (
    <li class={open ? 'row open' : 'row'}>
      <button type="button" class="row-button" aria-expanded={open} aria-controls={panel} onClick={toggle}>
        <Glyph look={row.look} size={18} />
        {row.silencedUntil !== undefined && <Icon name="bell" />}
        <span class="row-words">
          <bdi class="name">{row.id}</bdi>
          <bdi class="detail">{row.detail}</bdi>
        </span>
        <span class={`word tone-${row.wordTone}`}>
          {row.word}
          {row.silencedUntil !== undefined && (
            <span class="silent"> silent until {calendar.moment(row.silencedUntil, now)}</span>
          )}
        </span>
        <span class="reply">{target.replyMs === undefined ? '–' : reply(target.replyMs)}</span>
      </button>
      <div class="panel" id={panel} hidden={!open}>
        {open && <Panel target={target} calendar={calendar} />}
      </div>
    </li>
  );
}

function Panel({ target, calendar }: { target: TargetView; calendar: Calendar }): JSX.Element {
  return (
    <dl>
      <dt>{WORDS.rowChecks}</dt>
      {target.checks.map((check) => (
        <dd key={check.id}>
          <time>{check.at === undefined ? '' : calendar.exact(check.at)}</time> <b>{check.name}</b>{' '}
          <bdi>{check.at === undefined ? WORDS.neverLooked : check.message}</bdi>
        </dd>
      ))}
      {target.process !== undefined && (
        <>
          <dt>{WORDS.rowProcess}</dt>
          <dd>
            {target.process.pid} <bdi>{target.process.command}</bdi>
          </dd>
        </>
      )}
      {target.parents.length > 0 && (
        <>
          <dt>{WORDS.rowDepends}</dt>
          <dd>
            <bdi>{target.parents.join(', ')}</bdi>
          </dd>
        </>
      )}
      <dt>{target.plan.length > 0 ? WORDS.factPlan : WORDS.factNothing}</dt>
      <dd>
        <bdi>{target.plan.length > 0 ? target.plan.join(', then ') : (target.because ?? '')}</bdi>
      </dd>
      {target.rulings.length > 0 && <dt>{WORDS.rowRulings}</dt>}
      {target.rulings.slice(0, 5).map((ruling) => (
        <dd key={`${ruling.at} ${ruling.code}`}>
          <time>{calendar.exact(ruling.at)}</time> <bdi>{ruling.text}</bdi>
        </dd>
      ))}
    </dl>
  );
}
