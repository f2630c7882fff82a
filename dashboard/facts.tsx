import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryView } from '../src/core/history-view.ts';
import type { IncidentView, Snapshot } from '../src/core/snapshot.ts';
import { AsTable } from './chart/as-table.tsx';
import { Chart } from './chart/chart.tsx';
import { factsOf } from './incident-facts.ts';
import { age, type Calendar } from './measure.ts';
import { plotAround } from './reply-plot.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly incident: IncidentView;
  readonly snapshot: Snapshot;
  readonly history: HistoryView | undefined;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

const MINUTE_MS = 60_000;

/** Beside the timeline: what is known about this trouble. Rows without an answer are left out. */
export function Facts(props: Props): JSX.Element | null {
  const { incident, snapshot, history, grey, calendar } = props;
  const at = snapshot.writtenAt;
  const rows = factsOf(props);
  const plot = useMemo(() => {
    const target = snapshot.targets.find(({ id }) => id === incident.target);
    const past = history?.targets.find(({ id }) => id === incident.target);
    return target && plotAround(incident, target, past, snapshot);
  }, [incident, snapshot, history]);
  if (rows.length === 0 && plot === undefined) return null;
  return (
    <aside class="facts" aria-label={WORDS.facts}>
      {plot !== undefined && (
        <>
          <div class="card-head">
            <h3>
              {WORDS.replyTime} {plot.stepMs > MINUTE_MS && <span class="quiet">{WORDS.means(age(plot.stepMs))}</span>}
            </h3>
            <AsTable plot={plot} calendar={calendar} small />
          </div>
          <Chart
            plot={plot}
            calendar={calendar}
            ends={[calendar.moment(plot.from, plot.to), grey || plot.to < at ? calendar.time(plot.to) : WORDS.now]}
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
