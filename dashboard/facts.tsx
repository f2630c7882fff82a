import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryView } from '../src/core/history-view.ts';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { AsTable } from './chart/as-table.tsx';
import { Chart } from './chart/chart.tsx';
import { factsOf } from './incident-facts.ts';
import type { Calendar } from './measure.ts';
import { replyPlot } from './reply-plot.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly incident: IncidentView;
  readonly snapshot: Snapshot;
  readonly history: HistoryView | undefined;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** So much of the time before the trouble is drawn. */
const BEFORE_MS = 2 * 60 * 60_000;

/** Beside the timeline: what is known about this trouble. Rows without an answer are left out. */
export function Facts(props: Props): JSX.Element | null {
  const { incident, snapshot, history, grey, calendar } = props;
  const rows = factsOf(props);
  const plot = useMemo(() => {
    const target = snapshot.targets.find(({ id }) => id === incident.target);
    const past = history?.targets.find(({ id }) => id === incident.target);
    return target && replyPlot(target, past, snapshot, { from: incident.start - BEFORE_MS });
  }, [incident, snapshot, history]);
  if (rows.length === 0 && plot === undefined) return null;
  return (
    <aside class="facts" aria-label={WORDS.facts}>
      {plot !== undefined && (
        <>
          <div class="card-head">
            <h3>{WORDS.replyTime}</h3>
            <AsTable plot={plot} calendar={calendar} small />
          </div>
          <Chart
            plot={plot}
            calendar={calendar}
            ends={[calendar.moment(plot.from, plot.to), grey ? calendar.time(plot.to) : WORDS.now]}
          />
        </>
      )}
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
