import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { HistoryView, TargetPast } from '../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import { Glyph, Icon } from './glyph.tsx';
import { type Calendar, reply } from './measure.ts';
import { useOwnId } from './own-id.ts';
import { Bars } from './past/bars.tsx';
import { sentenceOf } from './past/sentence.ts';
import type { SlotNames } from './past/slot-names.ts';
import { halved } from './past/strip.ts';
import { targetStrip, targetUptime } from './past/target-past.ts';
import type { Row } from './row.ts';
import { RowPanel } from './row-panel.tsx';
import { WORDS } from './words.ts';

type Props = {
  readonly row: Row;
  readonly target: TargetView;
  readonly past: TargetPast | undefined;
  readonly history: HistoryView | undefined;
  readonly snapshot: Snapshot;
  readonly names: SlotNames;
  readonly open: boolean;
  readonly toggle: (id: string) => void;
  readonly now: number;
  readonly grey: boolean;
  readonly narrow: boolean;
  readonly calendar: Calendar;
};

/** One service: its sign, name and state as a button; its bars, uptime and reply beside it; opened, the evidence. */
export function ServiceRow(props: Props): JSX.Element {
  const { row, target, past, history, snapshot, names, open, toggle, narrow, calendar } = props;
  const panel = useOwnId();
  const { strip, sentence, uptime } = useMemo(() => {
    const bars = targetStrip(target, past, history, snapshot, names);
    const own = snapshot.incidents.filter((incident) => incident.target === target.id);
    return {
      strip: bars,
      sentence: sentenceOf(bars, names, own),
      uptime: targetUptime(target, past, history, snapshot, names.range),
    };
  }, [target, past, history, snapshot, names]);
  const silent = row.silencedUntil === undefined ? undefined : WORDS.silentUntil(calendar.short(row.silencedUntil, 0));
  return (
    <li class={open ? 'row open' : 'row'}>
      <div class="row-line">
        <button
          type="button"
          class="row-button"
          aria-expanded={open}
          aria-controls={panel}
          onClick={() => toggle(row.id)}
        >
          <Glyph look={row.look} size={18} />
          {silent !== undefined && <Icon name="bell" />}
          <span class="row-words">
            <bdi class="name">{row.id}</bdi>
            <span class="unseen">, {WORDS.shapes[row.look.shape]}, </span>
            <bdi class={row.word === '' ? 'detail' : `word tone-${row.wordTone}`}>
              {row.word === '' ? row.detail : row.word}
            </bdi>
            {silent !== undefined && <span class="unseen">, {silent}</span>}
          </span>
        </button>
        <Bars
          strip={narrow && names.range === 'day' ? halved(strip) : strip}
          width={narrow ? 306 : 268}
          height={22}
          label={sentence}
        />
        <span class="uptime">
          <span class="unseen">{WORDS.uptime} </span>
          {uptime}
        </span>
        <span class="reply">
          <span class="unseen">{WORDS.reply} </span>
          {target.replyMs === undefined ? '–' : reply(target.replyMs)}
        </span>
      </div>
      <div class="panel" id={panel} hidden={!open}>
        {open && <RowPanel {...props} silent={silent} sentence={sentence} />}
      </div>
    </li>
  );
}
