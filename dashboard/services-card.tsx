import type { JSX } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { HistoryView } from '../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import { useKept } from './kept.ts';
import type { Calendar } from './measure.ts';
import { useNarrow } from './narrow.ts';
import { useDaySlots } from './past/ribbon.tsx';
import { slotNamesOf } from './past/slot-names.ts';
import type { Range } from './past/strip.ts';
import { RangeSwitch } from './range-switch.tsx';
import { readRange, rememberRange } from './remembered.ts';
import { orderRows, rowOf } from './row.ts';
import { barsOf, ServiceRow } from './service-row.tsx';
import { rankOf } from './state-look.ts';
import { useTouched } from './touched.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly history: HistoryView | undefined;
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** More rows than these are laid out only where they are looked at. */
const MANY = 50;
/** A drawing may take 50 ms on a slow machine, and a new row takes a third of one. */
const ROWS_AT_A_TIME = 100;

/** Every service, problems first. The order holds still under a pointer, a focus or an open row. */
export function ServicesCard({ snapshot, history, now, grey, calendar }: Props): JSX.Element {
  const [open, setOpen] = useState<readonly string[]>([]);
  const [range, setRange] = useState(readRange);
  const narrow = useNarrow();
  const touched = useTouched();
  const order = useRef<readonly string[]>([]);

  const services = snapshot.targets.filter((target) => target.kind === 'service');
  const byId = new Map<string, TargetView>(services.map((target) => [target.id, target]));
  const pasts = useMemo(() => new Map(history?.targets.map((past) => [past.id, past])), [history]);
  const names = useSlots(range, history, Math.max(now, snapshot.writtenAt), calendar);
  const storied = useMemo(() => new Set(snapshot.incidents.map(({ target }) => target)), [snapshot]);
  const frozen = open.length > 0 || touched.now();
  const all = services.map((target) => rowOf(target, { snapshot, now, grey, calendar }));
  const rows = orderRows(all, order.current, frozen && order.current.length > 0);
  order.current = rows.map((row) => row.id);

  const troubled = rows.some((row) => rankOf(row.state) < rankOf('maintenance'));
  const toggle = useCallback((id: string): void => {
    setOpen((open) => (open.includes(id) ? open.filter((one) => one !== id) : [...open, id]));
  }, []);
  const kept = useKept<JSX.Element>(ROWS_AT_A_TIME);
  const choose = (one: Range): void => {
    setRange(one);
    rememberRange(one);
  };
  return (
    <section class="services card" aria-labelledby="services-title">
      <div class="row-line services-head">
        <h2 id="services-title">
          {WORDS.services} {troubled && <span class="quiet">{WORDS.problemsFirst}</span>}
        </h2>
        <RangeSwitch range={range} choose={choose} />
        {rows.length > 0 && (
          <>
            <span class="column-head">{WORDS.uptime}</span>
            <span class="column-head reply">{WORDS.reply}</span>
          </>
        )}
      </div>
      {rows.length === 0 && <p class="empty">{WORDS.noServices}</p>}
      {isLeftOut(history, range) && <p class="empty">{WORDS.leftOut}</p>}
      <ul
        class={rows.length > MANY ? 'rows many' : 'rows'}
        id="services"
        tabIndex={-1}
        aria-labelledby="services-title"
        {...touched.on}
      >
        {rows.map((row) => {
          const target = byId.get(row.id);
          if (target === undefined) return null;
          const past = pasts.get(row.id);
          const opened = open.includes(row.id) ? { target, past, snapshot, now, grey, calendar } : undefined;
          const silent = row.silencedUntil === undefined ? undefined : calendar.short(row.silencedUntil, 0);
          // A thousand rows are not drawn anew when nothing to be seen in them changed: without an incident the bars
          // change with the record and the slot. An open row has ages that tick.
          const told = storied.has(row.id) ? snapshot : undefined;
          const parts = [...Object.values(row), silent, target.status, target.replyMs, history, names, narrow, told];
          return kept(row.id, opened === undefined ? parts : [opened], () => (
            <ServiceRow
              key={row.id}
              row={row}
              replyMs={target.replyMs}
              bars={barsOf(target, past, history, snapshot, names)}
              silent={silent}
              halve={narrow && range === 'day'}
              narrow={narrow}
              opened={opened}
              toggle={toggle}
            />
          ));
        })}
      </ul>
    </section>
  );
}

const LEFT_OUT_FIRST = ['series', 'quarter', 'month', 'day', 'targets'];

/** On a host with very many services the history has no room for all ranges: then grey bars are no gap in the watch. */
function isLeftOut(history: HistoryView | undefined, range: Range): boolean {
  return history?.leftOut !== undefined && LEFT_OUT_FIRST.indexOf(history.leftOut) >= LEFT_OUT_FIRST.indexOf(range);
}

/** The slots of the chosen range: a new object only when a new slot began. */
function useSlots(range: Range, history: HistoryView | undefined, now: number, calendar: Calendar) {
  const day = useDaySlots(history, now, calendar);
  const today = calendar.dayNumber(now);
  const days = useMemo(() => slotNamesOf(range === 'day' ? 'month' : range, now, calendar), [range, today, calendar]);
  return range === 'day' ? day : days;
}
