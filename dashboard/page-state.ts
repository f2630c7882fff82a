import type { HistoryView } from '../src/core/history-view.ts';
import type { Snapshot } from '../src/core/snapshot.ts';

/** How the last try to read the data file beside the page ended. `torn`: it loaded and said nothing usable. */
export type Neighbour = 'unread' | 'read' | 'torn' | 'unreadable';

/** All the page knows. Changed in one place (main.tsx), drawn from scratch on every change and every second. */
export type PageState = {
  /** Only the verdict is drawn, so that it is painted at once; the rest follows. */
  readonly first: boolean;
  readonly snapshot: Snapshot | undefined;
  /** The last good one; the page goes on without. */
  readonly history: HistoryView | undefined;
  /** The daemon writes a form this page cannot read. */
  readonly newer: boolean;
  readonly neighbour: Neighbour;
  readonly reading: boolean;
  readonly now: number;
  readonly wokeAt: number | undefined;
};
