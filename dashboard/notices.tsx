import type { JSX } from 'preact';
import type { Snapshot } from '../src/core/snapshot.ts';
import { Glyph } from './glyph.tsx';
import type { Calendar } from './measure.ts';
import { lookOf, NO_DATA } from './state-look.ts';
import * as WORDS from './words.ts';

type Props = {
  readonly daemon: Snapshot['daemon'];
  readonly now: number;
  readonly grey: boolean;
  readonly calendar: Calendar;
};

/** What the daemon has to say about itself: the newest three, besides a mistake in its config and what it may not do. */
export function Notices({ daemon, now, grey, calendar }: Props): JSX.Element | null {
  const lines: { key: string; text: string; warns: boolean }[] = [];
  if (daemon.configTrouble !== undefined)
    lines.push({ key: 'config', text: WORDS.configTrouble(daemon.configTrouble), warns: true });
  for (const { at, code, text } of (daemon.notices ?? []).slice(-3)) {
    lines.push({ key: `${code} ${at}`, text: `${calendar.moment(at, now)}: ${text}`, warns: true });
  }
  if (!daemon.configured) lines.push({ key: 'unconfigured', text: WORDS.unconfigured, warns: false });
  else if (daemon.mode === 'observe') lines.push({ key: 'observe', text: WORDS.observing, warns: false });
  if (lines.length === 0) return null;
  return (
    <ul class="notices">
      {lines.map(({ key, text, warns }) => (
        <li key={key}>
          {warns && <Glyph look={grey ? NO_DATA : lookOf('slow')} size={16} />}
          <bdi>{text}</bdi>
        </li>
      ))}
    </ul>
  );
}
