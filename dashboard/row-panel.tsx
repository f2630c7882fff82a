import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TargetPast } from '../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import { AsTable } from './chart/as-table.tsx';
import { Chart } from './chart/chart.tsx';
import { IncidentLine } from './incident-line.tsx';
import { type Calendar, reach } from './measure.ts';
import { replyPlot } from './reply-plot.ts';
import type { Row } from './row.ts';
import * as WORDS from './words.ts';

/** What an open row knows more than a closed one. */
export type Opened = {
  readonly target: TargetView;
  readonly past: TargetPast | undefined;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

type Props = Opened & {
  readonly row: Row;
  readonly silent: string | undefined;
  /** The bars in words: what the colours say is also to be read. */
  readonly sentence: string;
};

/** An opened service: what was seen, over time, and what recovery would do. */
export function RowPanel({ row, target, past, snapshot, now, grey, calendar, silent, sentence }: Props): JSX.Element {
  const plot = useMemo(() => replyPlot(target, past, snapshot), [target, past, snapshot]);
  const at = snapshot.writtenAt;
  const incidents = snapshot.incidents.filter((one) => one.target === target.id).sort((a, b) => b.start - a.start);
  return (
    <>
      <p class="panel-now">
        <bdi>{row.detail}</bdi>
        {silent !== undefined && <span>{`, ${silent}`}</span>}
        {target.flapping && <span>{`, ${WORDS.flapping}`}</span>}
      </p>
      <p class="small">{sentence}</p>
      {plot !== undefined && (
        <div class="panel-chart">
          <div class="card-head">
            <h3>{WORDS.replyTime}</h3>
            <AsTable plot={plot} calendar={calendar} />
          </div>
          <Chart
            plot={plot}
            calendar={calendar}
            ends={[WORDS.ago(reach(plot.to - plot.from)), grey ? calendar.time(at) : WORDS.now]}
          />
        </div>
      )}
      <dl class="panel-facts">
        <Results target={target} calendar={calendar} at={at} />
        {target.process !== undefined && (
          <Fact name={WORDS.rowProcess}>
            {target.process.pid} <bdi>{target.process.command}</bdi>
          </Fact>
        )}
        {target.parents.length > 0 && <Fact name={WORDS.rowDepends}>{target.parents.join(', ')}</Fact>}
        {(target.children ?? []).length > 0 && <Fact name={WORDS.rowNeeded}>{target.children?.join(', ')}</Fact>}
        <Fact name={target.plan.length > 0 ? WORDS.factPlan : WORDS.factNothing}>
          <bdi>{target.plan.length > 0 ? target.plan.join(', then ') : (target.because ?? '')}</bdi>
        </Fact>
        {target.rulings.length > 0 && (
          <Fact name={WORDS.rowRulings}>
            <ul>
              {target.rulings.slice(0, 5).map((ruling) => (
                <li key={`${ruling.at} ${ruling.code}`}>
                  <time>{calendar.moment(ruling.at, at)}</time> <bdi>{ruling.text}</bdi>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        {incidents.length > 0 && (
          <Fact name={WORDS.rowIncidents}>
            <ul>
              {incidents.slice(0, 3).map((one) => (
                <li key={one.id}>
                  <time>{calendar.short(one.start, at)}</time> <bdi>{one.title}</bdi>{' '}
                  <IncidentLine incident={one} now={now} grey={grey} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
    </>
  );
}

/** The newest results with their words; without a list of them, what each check saw last. */
function Results({ target, calendar, at }: { target: TargetView; calendar: Calendar; at: number }): JSX.Element {
  const name = (id: string): string => target.checks.find((check) => check.id === id)?.name ?? id;
  const recent = target.recent ?? [];
  const rows =
    recent.length > 0
      ? recent.slice(0, 5).map((one) => ({ ...one, name: name(one.check), key: `${one.check} ${one.at}` }))
      : target.checks.map((check) => ({ ...check, key: check.id }));
  return (
    <Fact name={recent.length > 0 ? WORDS.rowResults : WORDS.rowChecks}>
      <ul>
        {rows.map((one) => (
          <li key={one.key}>
            <time>{one.at === undefined ? '' : calendar.exactMoment(one.at, at)}</time> <b>{one.name}</b>:{' '}
            <bdi>{one.at === undefined ? WORDS.neverLooked : one.message}</bdi>
            {one.at !== undefined && <span class="small"> {WORDS.statuses[one.status] ?? ''}</span>}
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
