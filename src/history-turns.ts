import type { HistoryView } from './core/history-view.ts';
import type { State } from './core/state.ts';
import type { Now } from './core/types.ts';
import { type HistoryWritten, isHistoryDue } from './page/history-due.ts';

export type HistoryTurnsOptions = {
  readonly state: () => State;
  readonly read: (now: number) => Promise<HistoryView>;
  readonly use: (history: HistoryView) => void;
  /** Told once of a history that cannot be read, until it can be again. */
  readonly onTrouble: (error: unknown) => void;
};

/** Has the past read when it is due: one reading at a time, and none that the daemon would wait for. */
export function createHistoryTurns({ state, read, use, onTrouble }: HistoryTurnsOptions) {
  let written: HistoryWritten | undefined;
  let seen: State['incidents'] | undefined;
  let told: string | undefined;
  let isNews = false;
  let isReading = false;
  let troubled = false;

  /** To be called every second. */
  function tick(now: Now): void {
    noteIncidents(state());
    if (isReading || !isHistoryDue(written, now, isNews)) return;
    written = { at: now.at, steady: now.steady, times: (written?.times ?? 0) + 1 };
    isNews = false;
    void turn(now.at);
  }

  /** One has begun when there is a later number, and one has ended when fewer are open. */
  function noteIncidents({ incidents, lastIncident }: State): void {
    if (incidents === seen) return;
    const open = Object.values(incidents).filter(({ ended }) => ended === undefined).length;
    const tells = `${lastIncident} ${open}`;
    if (told !== undefined && tells !== told) isNews = true;
    [seen, told] = [incidents, tells];
  }

  async function turn(now: number): Promise<void> {
    isReading = true;
    try {
      use(await read(now));
      troubled = false;
    } catch (error) {
      if (!troubled) onTrouble(error);
      troubled = true;
    } finally {
      isReading = false;
    }
  }

  return { tick };
}
