import type { JSX } from 'preact';
import type { HistoryView, TargetPast } from '../src/core/history-view.ts';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import { Glyph, Icon } from './glyph.tsx';
import { reply } from './measure.ts';
import { useOwnId } from './own-id.ts';
import { Bars } from './past/bars.tsx';
import { sentenceOf } from './past/sentence.ts';
import type { SlotNames } from './past/slot-names.ts';
import { halved, type Strip } from './past/strip.ts';
import { targetStrip, targetUptime } from './past/target-past.ts';
import type { Row } from './row.ts';
import { type Opened, RowPanel } from './row-panel.tsx';
import * as WORDS from './words.ts';

/** What a row shows of the past. */
export type RowBars = { readonly strip: Strip; readonly sentence: string; readonly uptime: string };

export function barsOf(
  target: TargetView,
  past: TargetPast | undefined,
  history: HistoryView | undefined,
  snapshot: Snapshot,
  names: SlotNames,
): RowBars {
  const strip = targetStrip(target, past, history, snapshot, names);
  const own = snapshot.incidents.filter((incident) => incident.target === target.id);
  const uptime = targetUptime(target, past, history, snapshot, names.range);
  return { strip, sentence: sentenceOf(strip, names, own), uptime };
}

type Props = {
  readonly row: Row;
  readonly replyMs: number | undefined;
  readonly bars: RowBars;
  /** Until when, in words. */
  readonly silent: string | undefined;
  readonly halve: boolean;
  readonly narrow: boolean;
  /** Only of an open row: a closed one is kept for long, and must not keep an old snapshot with it. */
  readonly opened: Opened | undefined;
  readonly toggle: (id: string) => void;
};

/** One service: its sign, name and state as a button; its bars, uptime and reply beside it; opened, the evidence. */
export function ServiceRow({ row, replyMs, bars, silent, halve, narrow, opened, toggle }: Props): JSX.Element {
  const panel = useOwnId();
  const quiet = silent === undefined ? undefined : WORDS.silentUntil(silent);
  return (
    <li class={opened ? 'row open' : 'row'}>
      <div class="row-line">
        <button
          type="button"
          class="row-button"
          aria-expanded={opened !== undefined}
          aria-controls={panel}
          onClick={() => toggle(row.id)}
        >
          <Glyph look={row.look} size={18} />
          {quiet !== undefined && <Icon name="bell" />}
          <span class="row-words">
            <bdi class="name">{row.id}</bdi>
            <span class="unseen">, {WORDS.shapes[row.look.shape]}, </span>
            <bdi class={row.word === '' ? 'detail' : `word tone-${row.wordTone}`}>
              {row.word === '' ? row.detail : row.word}
            </bdi>
            {quiet !== undefined && <span class="unseen">, {quiet}</span>}
          </span>
        </button>
        <Bars
          strip={halve ? halved(bars.strip) : bars.strip}
          width={narrow ? 306 : 268}
          height={22}
          label={bars.sentence}
        />
        <span class="uptime">
          <span class="unseen">{WORDS.uptime} </span>
          {bars.uptime}
        </span>
        <span class="reply">
          <span class="unseen">{WORDS.reply} </span>
          {replyMs === undefined ? '–' : reply(replyMs)}
        </span>
      </div>
      <div class="panel" id={panel} hidden={opened === undefined}>
        {opened && <RowPanel {...opened} row={row} silent={quiet} sentence={bars.sentence} />}
      </div>
    </li>
  );
}
