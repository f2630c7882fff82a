import type { HistoryView } from './core/history-view.ts';
import type { Incident, State } from './core/state.ts';
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
  let ended = 0;
  let incidentEnded = false;
  let isReading = false;
  let troubled = false;

  /** To be called every second. */
  function tick(now: Now): void {
    noteEnded(state().incidents);
    if (isReading || !isHistoryDue(written, now, incidentEnded)) return;
    written = { at: now.at, steady: now.steady, times: (written?.times ?? 0) + 1 };
    incidentEnded = false;
    void turn(now.at);
  }

  function noteEnded(incidents: State['incidents']): void {
    if (incidents === seen) return;
    const lastEnded = Object.values(incidents).reduce((latest, one) => Math.max(latest, endOf(one)), 0);
    if (seen !== undefined && lastEnded > ended) incidentEnded = true;
    [seen, ended] = [incidents, lastEnded];
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

function endOf({ ended }: Incident): number {
  return ended?.steady ?? 0;
}
