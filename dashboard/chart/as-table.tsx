import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../dialog.tsx';
import { Icon } from '../glyph.tsx';
import type { Calendar } from '../measure.ts';
import * as WORDS from '../words.ts';
import type { Plot } from './plot.ts';

type Props = { readonly plot: Plot; readonly calendar: Calendar; readonly small?: boolean };

/** The way from a drawing to its numbers: a button, and a real table in a dialog. */
export function AsTable({ plot, calendar, small = false }: Props): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class={small ? 'table-button small-button' : 'link table-button'}
        aria-label={WORDS.asTableOf(plot.label)}
        title={small ? WORDS.asTable : undefined}
        onClick={() => setOpen(true)}
      >
        {small ? <Icon name="table" /> : WORDS.asTable}
      </button>
      {open && (
        <Dialog title={plot.label} onClose={() => setOpen(false)}>
          <Table plot={plot} calendar={calendar} />
        </Dialog>
      )}
    </>
  );
}

/** Newest first: what a person asks about is mostly what just was. */
function Table({ plot, calendar }: { plot: Plot; calendar: Calendar }): JSX.Element {
  const rows = plot.points.toReversed();
  return (
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">{WORDS.tableTime}</th>
          <th scope="col">{WORDS.tableValue}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, value }) => (
          <tr key={at}>
            <th scope="row">{calendar.moment(at, plot.to)}</th>
            <td>{value === null ? WORDS.noDataThen : plot.say(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
