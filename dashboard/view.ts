import type { Snapshot } from '../src/core/snapshot.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { age, ageInWords, type Calendar } from './measure.ts';
import type { PageState } from './page-state.ts';
import { secondLine } from './second-line.ts';
import { type Look, lookOf, NO_DATA, rankOf } from './state-look.ts';
import * as WORDS from './words.ts';

/** What the verdict card, the tab and the live region say. Pure: made from the page's state alone. */
export type View = {
  readonly look: Look;
  readonly headline: string;
  /** Ticks beside the headline. */
  readonly runningSince: number | undefined;
  readonly detail: string;
  /** The data does not say how things are now: no colour, past tense. */
  readonly grey: boolean;
  readonly button: 'read-again' | 'reload' | undefined;
  /** The command that starts the daemon, when it does not run. */
  readonly command: string | undefined;
  /** It may run all the same, and only not write: a page cannot see processes. */
  readonly mayRun: boolean;
  readonly title: string;
  /** Changes exactly when there is something new to announce: ages that tick are not. */
  readonly newsKey: string;
};

const grey = { look: NO_DATA, runningSince: undefined, grey: true, command: undefined, mayRun: false } as const;

export function viewOf(page: PageState, calendar: Calendar): View {
  const { snapshot, now } = page;
  if (page.newer) {
    return {
      ...grey,
      headline: WORDS.newerHeadline,
      detail: WORDS.newerDetail,
      button: 'reload',
      title: '? jarvis-health',
      newsKey: 'newer',
    };
  }
  if (snapshot === undefined) {
    const waiting = page.neighbour === 'unread';
    return {
      ...grey,
      headline: waiting ? WORDS.readingHeadline : WORDS.noneHeadline,
      detail: waiting ? WORDS.readingDetail : WORDS.noneDetail,
      button: waiting ? undefined : 'read-again',
      title: '? jarvis-health',
      newsKey: 'none',
    };
  }
  const freshness = freshnessOf(snapshot, now, page.wokeAt);
  const view = viewOfSnapshot(snapshot, freshness, now, calendar);
  // Only while the copy is current does the trouble with the file need saying: a stale page says enough.
  if (page.neighbour !== 'unreadable' || view.grey) return view;
  return { ...view, detail: WORDS.unreadable(calendar.moment(snapshot.writtenAt, now)), button: 'read-again' };
}

function viewOfSnapshot(snapshot: Snapshot, freshness: Freshness, now: number, calendar: Calendar): View {
  const { host, daemon, verdict } = snapshot;
  const asOf = (): string => calendar.moment(snapshot.writtenAt, now);
  switch (freshness.kind) {
    case 'stopped':
      return {
        ...grey,
        headline: WORDS.stoppedHeadline,
        detail: WORDS.stoppedDetail(calendar.moment(daemon.stoppedAt ?? snapshot.writtenAt, now), daemon),
        button: 'read-again',
        command: daemon.startHint,
        title: `? ${host.name}, stopped`,
        newsKey: 'stopped',
      };
    case 'ahead':
      return {
        ...grey,
        headline: WORDS.aheadHeadline,
        detail: WORDS.aheadDetail(age(freshness.aheadMs)),
        button: 'read-again',
        title: `? ${host.name}, clock problem`,
        newsKey: 'ahead',
      };
    case 'waking':
      return {
        ...grey,
        headline: WORDS.wakingHeadline,
        detail: WORDS.wakingDetail(ageInWords(freshness.ageMs), asOf()),
        button: 'read-again',
        title: `? ${host.name}, waiting`,
        newsKey: 'waking',
      };
    case 'stale':
      return {
        ...grey,
        headline: WORDS.staleHeadline(ageInWords(freshness.ageMs)),
        detail: WORDS.staleDetail(asOf()),
        button: 'read-again',
        command: daemon.startHint,
        mayRun: true,
        title: `? ${host.name}, ${age(freshness.ageMs)} old`,
        newsKey: 'stale',
      };
    default:
      return {
        look: lookOf(verdict.state),
        headline: verdict.headline,
        runningSince: isTrouble(verdict.state) ? verdict.since : undefined,
        detail: secondLine(snapshot, now, calendar),
        grey: false,
        button: undefined,
        command: undefined,
        mayRun: false,
        title: titleOf(snapshot),
        newsKey: `${verdict.state} ${verdict.headline}`,
      };
  }
}

const isTrouble = (state: Snapshot['verdict']['state']): boolean =>
  state === 'down' || state === 'recovering' || state === 'acknowledged';

/** `OK atlas`, `Slow: Model API`, `DOWN: Message gateway`: the first words must do, a tab is narrow. */
function titleOf({ host, verdict, targets }: Snapshot): string {
  const worst = [...targets].sort((a, b) => rankOf(a.state) - rankOf(b.state))[0]?.id ?? host.name;
  switch (verdict.state) {
    case 'down':
      return `DOWN: ${worst}`;
    case 'recovering':
      return `Recovering: ${worst}`;
    case 'slow':
      return `Slow: ${worst}`;
    case 'acknowledged':
      return `Down, acknowledged: ${worst}`;
    case 'maintenance':
      return `Paused ${host.name}`;
    case 'working':
      return `OK ${host.name}`;
    default:
      return `? ${host.name}`;
  }
}

/** The chip in the top bar: where the data is from and how old it is. Never green. */
export type Chip = { readonly dot: 'file' | 'grey'; readonly age: string; readonly more: string };

export function chipOf(page: PageState, calendar: Calendar): Chip {
  const { snapshot, now } = page;
  if (snapshot === undefined) return { dot: 'grey', age: WORDS.noFile, more: '' };
  const freshness = freshnessOf(snapshot, now, page.wokeAt);
  switch (freshness.kind) {
    case 'fresh':
      return { dot: 'file', age: WORDS.old(age(freshness.ageMs)), more: '' };
    case 'late':
      return { dot: 'file', age: WORDS.old(age(freshness.ageMs)), more: WORDS.expected(age(snapshot.everyMs)) };
    default:
      return { dot: 'grey', age: calendar.moment(snapshot.writtenAt, now), more: '' };
  }
}
