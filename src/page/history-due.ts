/** When the past is read and written anew. Pure; times in ms. */

const SLOT_MS = 900_000;
/** On a fresh host the first minute is already worth a bar. */
const SOON_MS = 60_000;
/** A service that flaps must not have the past read all day. */
const LEAST_MS = 60_000;

export type HistoryWritten = {
  /** On both clocks, when it was read last. */
  readonly at: number;
  readonly steady: number;
  readonly times: number;
};

/** At the start and a minute later, whenever a slot of 15 minutes is over, and after an incident has begun or ended. */
export function isHistoryDue(
  written: HistoryWritten | undefined,
  now: { readonly at: number; readonly steady: number },
  isNews: boolean,
): boolean {
  if (written === undefined) return true;
  const passedMs = now.steady - written.steady;
  if (Math.floor(now.at / SLOT_MS) !== Math.floor(written.at / SLOT_MS)) return true;
  if (isNews && passedMs >= LEAST_MS) return true;
  return written.times === 1 && passedMs >= SOON_MS;
}
