import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Snapshot, TargetView } from '../src/core/snapshot.ts';
import type { Calendar } from './measure.ts';
import { orderRows, rowOf } from './row.ts';
import { ServiceRow } from './service-row.tsx';
import { rankOf } from './state-look.ts';
import { WORDS } from './words.ts';

type Props = { readonly snapshot: Snapshot; readonly now: number; readonly grey: boolean; readonly calendar: Calendar };

/** Every service, problems first. The order holds still under a pointer, a focus or an open row. */
export function ServicesCard({ snapshot, now, grey, calendar }: Props): JSX.Element {
  const [open, setOpen] = useState<readonly string[]>([]);
  const touched = useRef({ hovered: false, focused: false });
  const order = useRef<readonly string[]>([]);

  const services = snapshot.targets.filter((target) => target.kind === 'service');
  const byId = new Map<string, TargetView>(services.map((target) => [target.id, target]));
  const frozen = open.length > 0 || touched.current.hovered || touched.current.focused;
  const all = services.map((target) => rowOf(target, { snapshot, now, grey, calendar }));
  const rows = orderRows(all, order.current, frozen && order.current.length > 0);
  order.current = rows.map((row) => row.id);

  const troubled = rows.some((row) => rankOf(row.state) < rankOf('maintenance'));
  const toggle = (id: string): void => setOpen(open.includes(id) ? open.filter((one) => one !== id) : [...open, id]);
  return (
    <section class="services card" id="services" tabIndex={-1} aria-labelledby="services-title">
      <div class="card-head">
        <h2 id="services-title">
          {WORDS.services} {troubled && <span class="quiet">{WORDS.problemsFirst}</span>}
        </h2>
        {rows.length > 0 && <span class="column-head">{WORDS.reply}</span>}
      </div>
      {rows.length === 0 && <p class="empty">{WORDS.noServices}</p>}
      <ul
        class="rows"
        onPointerEnter={() => (touched.current.hovered = true)}
        onPointerLeave={() => (touched.current.hovered = false)}
        onFocusIn={() => (touched.current.focused = true)}
        onFocusOut={() => (touched.current.focused = false)}
      >
        {rows.map((row) => {
          const target = byId.get(row.id);
          return target === undefined ? null : (
            <ServiceRow
              key={row.id}
              row={row}
              target={target}
              open={open.includes(row.id)}
              toggle={() => toggle(row.id)}
              now={now}
              calendar={calendar}
            />
          );
        })}
      </ul>
    </section>
  );
}
