import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryView } from '../src/core/history-view.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import { AsTable } from './chart/as-table.tsx';
import { Chart } from './chart/chart.tsx';
import { Glyph } from './glyph.tsx';
import { type Calendar, reach } from './measure.ts';
import { type Card, cardsOf, ROW } from './vital-cards.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly history: HistoryView | undefined;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** The host's own figures: a card each, with its past. */
export function Vitals({ snapshot, history, grey, calendar }: Props): JSX.Element {
  const cards = useMemo(() => cardsOf(snapshot, history, grey), [snapshot, history, grey]);
  return (
    <section class="vitals" aria-labelledby="vitals-title" style={{ '--in-a-row': Math.min(cards.length, ROW) }}>
      <h2 class="unseen" id="vitals-title">
        {WORDS.vitals}
      </h2>
      {cards.length === 0 && <p class="card vital empty">{WORDS.noVitals}</p>}
      {cards.map((card) => (
        <VitalCard
          key={card.vital.id}
          {...card}
          recorded={history !== undefined}
          grey={grey}
          at={snapshot.writtenAt}
          calendar={calendar}
        />
      ))}
    </section>
  );
}

type CardProps = Card & {
  /** There is a record of this host, with or without this figure. */
  readonly recorded: boolean;
  readonly grey: boolean;
  readonly at: number;
  readonly calendar: Calendar;
};

function VitalCard({ vital, plot, recorded, grey, at, calendar }: CardProps): JSX.Element {
  const { label, value, of, note, look } = vital;
  return (
    <article class="card vital">
      <div class="vital-head">
        <h3>
          <bdi>{label}</bdi>
        </h3>
        {plot !== undefined && <AsTable plot={plot} calendar={calendar} small />}
      </div>
      <p class="figure">
        <b>{value}</b> <span class="of">{of}</span>
      </p>
      <p class={look === undefined ? 'note' : `note tone-${look.tone} state`}>
        {look !== undefined && <Glyph look={look} size={14} />}
        <bdi>{note}</bdi>
      </p>
      {plot === undefined ? (
        <div class="chart no-chart">{recorded ? WORDS.noRecord : ''}</div>
      ) : (
        <Chart
          plot={plot}
          calendar={calendar}
          ends={[WORDS.ago(reach(plot.to - plot.from)), grey ? calendar.time(at) : WORDS.now]}
        />
      )}
    </article>
  );
}
